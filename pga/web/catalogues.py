"""Catalogues of all rooms: `python -m pga.web.catalogues` compiles them, `--missing` checks.

Every room keeps its own Dutch catalogue; the pages read them all as one, so a message id means
the same everywhere. Which texts count as message ids is decided by `pga.web.extraction`.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pga.web import extraction
from pga.web.rooms import ROOT, folders, rooms

LOCALE = "nl"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong with the translations: where, which message id, and what."""

    where: str
    message_id: str
    what: str

    def __str__(self) -> str:
        """Write the fault on one line."""
        return f"{self.where}: {self.what}: {self.message_id!r}"


def compile_all(root: Path = ROOT) -> int:
    """Compile every catalogue that changed since it was compiled; give how many did."""
    written = 0
    for source in _sources(root):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = target.with_suffix(".mo.part")
            with fresh.open("wb") as file:
                write_mo(file, _read(source))
            fresh.replace(target)
            written += 1
    return written


def faults(root: Path = ROOT) -> list[Fault]:
    """Find every message id without Dutch, with two kinds of Dutch, or with lost values."""
    spoken: dict[str, Message] = {}
    found: list[Fault] = []
    for source in _sources(root):
        where = str(source.relative_to(root))
        for message in _read(source):
            if not message.id:
                continue
            found.extend(Fault(where, _first(message), what) for what in _wrong(message))
            other = spoken.setdefault(_first(message), message)
            if other.string != message.string:
                found.append(Fault(where, _first(message), "is translated differently elsewhere"))
    for use in extraction.message_ids(rooms(root)):
        if use.message_id not in spoken:
            where = f"{use.path.relative_to(root)}:{use.line}"
            found.append(Fault(where, use.message_id, "has no Dutch"))
    return sorted(set(found))


def _wrong(message: Message) -> Iterator[str]:
    """Tell what is wrong with one translation."""
    dutch = _forms(message.string)
    if not dutch or not all(dutch):
        yield "has no Dutch"
    elif message.fuzzy:
        yield "is marked fuzzy"
    elif _values(dutch) != _values(_forms(message.id)):
        yield "has other values than its Dutch"


def _values(forms: list[str]) -> set[str]:
    """Give the names of the values a text fills in."""
    return {name for text in forms for name in extraction.VALUE.findall(text)}


def _forms(text: object) -> list[str]:
    """Give the forms of a text: one, or its singular and plural."""
    return [str(one) for one in text] if isinstance(text, list | tuple) else [str(text or "")]


def _first(message: Message) -> str:
    """Give the message id; of a plural its singular."""
    return _forms(message.id)[0]


def _sources(root: Path) -> list[Path]:
    """Give the catalogues as people write them."""
    return [
        source
        for folder in folders(root)
        if (source := folder / LOCALE / "LC_MESSAGES" / "messages.po").exists()
    ]


def _read(source: Path) -> Catalog:
    """Read one catalogue; a fault in the file stops with its place."""
    with source.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def main(arguments: list[str] | None = None) -> int:
    """Compile, or list what is missing; exit 1 when something is."""
    parser = argparse.ArgumentParser(prog="python -m pga.web.catalogues", description=__doc__)
    parser.add_argument("--missing", action="store_true", help="list untranslated message ids")
    options = parser.parse_args(arguments)
    if not options.missing:
        print(f"{compile_all()} catalogues compiled.")  # noqa: T201
        return 0
    found = faults()
    for fault in found:
        print(fault)  # noqa: T201
    print(f"{len(found)} faults.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
