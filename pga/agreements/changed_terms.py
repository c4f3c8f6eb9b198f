"""What changes outside the matrix from one version to another, in words, entry by entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from pga.agreements import place_words, term_words
from pga.policy.diff import TermChange
from pga.policy.terms import AgreementDocument, Example


@dataclass(frozen=True, slots=True)
class TermLine:
    """An entry outside the matrix that changes (gewijzigd onderdeel): what it said, and says."""

    name: str
    before: Sequence[str]
    after: Sequence[str]


def changed_terms(
    changes: Iterable[TermChange], before: AgreementDocument, after: AgreementDocument
) -> dict[str, list[TermLine]]:
    """Put what changes outside the matrix under its part, in words."""
    found: dict[str, list[TermLine]] = {}
    for change in changes:
        was, now = (term_words.term_of(each, change.part, change.entry) for each in (before, after))
        found.setdefault(change.part, []).append(
            TermLine(
                _name(change.part, change.entry, was or now),
                term_words.lines(was),
                term_words.lines(now),
            )
        )
    return found


def sentence(line: TermLine) -> str:
    """Say in one sentence what becomes of an entry; of one that changes, only what differs."""
    if not line.before:
        said = " ".join(line.after)
        return str(gettext("New: “%(name)s”. It says: %(text)s", name=line.name, text=said))
    if not line.after:
        said = " ".join(line.before)
        return str(gettext("Gone: “%(name)s”. It said: %(text)s", name=line.name, text=said))
    was = [one for one in line.before if one not in line.after] or line.before
    now = [one for one in line.after if one not in line.before] or line.after
    return str(
        gettext(
            "Changed: “%(name)s”. It said: “%(was)s”. It will say: “%(now)s”.",
            name=line.name.rstrip("."),
            was=" ".join(was).rstrip("."),
            now=" ".join(now).rstrip("."),
        )
    )


def _name(part: str, entry: str, term: object) -> str:
    """Name an entry: an example by its words, a reason by its place."""
    if isinstance(term, Example):
        return term.text
    return place_words.name(entry) if part == "reasons" else term_words.entry_name(part, entry)
