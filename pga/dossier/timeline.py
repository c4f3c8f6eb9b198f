"""The timeline in words: each line is put together before the template, which only lays it out."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from pga.dossier import words
from pga.dossier.casefile import CaseFile
from pga.sharing.service.disclose import OpenItem


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why an item may be read, and what binds its reader; in words, empty where there is nothing.

    Nothing here but the release differs from one item to the next under the same decision.
    """

    release: str
    onward: bool
    investigation: bool
    parts: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the timeline shows it."""

    id: str
    when: date
    title: str
    kind: str
    href: str
    status: str
    is_new: bool
    text: str
    facts: tuple[str, ...]
    grounds: Grounds


def grounds_of(item: OpenItem, reader: str) -> Grounds:
    """Say why an item may be read by a reader of this kind of partner, and what binds that one."""
    decision = item.decision
    onward, investigation = (False, False) if item.is_own else words.binding(item, reader)
    parts = () if item.is_own else (words.basis_of_reader(decision), words.clause(decision))
    return Grounds(
        release=words.release(item.release) if item.release else "",
        onward=onward,
        investigation=investigation,
        parts=parts,
        reasons=words.reasons(decision.explanation),
    )


def lines(
    items: Iterable[OpenItem],
    file: CaseFile,
    address: Callable[[bytes], str],
    new: Collection[bytes] = (),
) -> list[Line]:
    """Put items of a case file in words; `address` gives where one is read, `new` are marked."""
    nobody = _("under the case manager")
    reader = file.seat.partner
    return [
        Line(
            id=item.id.hex(),
            when=words.happened(item),
            title=words.title(item),
            kind=words.kind(item.row.kind),
            href=address(item.id),
            status=words.status(item.row.status) if item.row.status != "current" else "",
            is_new=item.id in new,
            text=str(item.content.get("text") or item.content.get("reason") or ""),
            facts=(
                words.category(item.category),
                file.owner(item) or nobody,
                words.fact_type(str(item.content["fact_type"]))
                if item.content.get("fact_type")
                else "",
            ),
            grounds=grounds_of(item, reader),
        )
        for item in items
    ]
