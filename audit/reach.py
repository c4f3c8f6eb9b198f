"""Reach: which entries somebody may be shown, as the rows of the index and as the entries say it.

The index finds them; each entry is then asked itself, so that a doctored row shows nobody an entry
that lies outside.
"""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, false, or_, select

from audit.entries import Entry
from audit.models import audit_index, audit_subject

Ids = frozenset[str]
NONE: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """Entries within these bounds; ids are in hex.

    Those on `cases`; those of attempts at an address, by the object it was `tried` under; with
    `organisation`, only what was done for it. `people` are its own: what they did counts also
    where the entry knows no organisation, and with `without_case` also what concerns no case.
    """

    cases: Ids = NONE
    tried: Ids = NONE
    organisation: str | None = None
    people: Ids = NONE
    employer: str = ""
    without_case: bool = field(default=False, kw_only=True)

    def rows(self) -> ColumnElement[bool]:
        """Select the rows of the index within reach."""
        row = audit_index.c
        own = and_(row.actor.in_(sorted(self.people)), row.org.in_(("", self.employer)))
        by_whom = own | (row.org == self.organisation) if self.organisation else None
        on_cases: list[ColumnElement[bool]] = [row.case_id.in_(sorted(self.cases))]
        tries = select(audit_subject.c.seq).where(
            audit_subject.c.subject_hmac.in_(sorted(self.tried))
        )
        at_addresses: list[ColumnElement[bool]] = [row.case_id == "", row.seq.in_(tries)]
        if by_whom is not None:
            on_cases.append(by_whom)
            at_addresses.append(by_whom)
        elsewhere = and_(row.case_id == "", own) if self.without_case else false()
        return or_(and_(*on_cases), and_(*at_addresses), elsewhere)

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry itself lies within reach."""
        actor = entry.actor
        is_own = actor.person in self.people and actor.organisation in {"", self.employer}
        counts = self.organisation is None or is_own or actor.organisation == self.organisation
        if entry.case_id is not None:
            return counts and entry.case_id in self.cases
        was_tried = not self.tried.isdisjoint(entry.subjects)
        return (counts and was_tried) or (self.without_case and is_own)
