"""Reach: which entries somebody may be shown, as the rows of the index and as the entries say it.

The index finds them; each entry is then asked itself, so that a doctored row shows nobody an entry
that lies outside.
"""

from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    and_,
    exists,
    or_,
    select,
    union_all,
)
from sqlalchemy import literal_column as literal

from audit.entries import Entry
from audit.models import audit_index, audit_subject

Ids = frozenset[str]
NONE: Ids = frozenset()
FEW = 100
"""Cases up to which their entries are collected from the index, whatever else the log holds."""


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

    @property
    def is_narrow(self) -> bool:
        """Tell whether it holds a few cases and nothing else: then `numbers` finds it quickest."""
        return not self.without_case and len(self.cases) <= FEW

    def rows(self) -> ColumnElement[bool]:
        """Select the rows of the index within reach."""
        return or_(*self._parts(audit_index))

    def numbers(self) -> CompoundSelect[tuple[int]]:
        """Select the numbers of the entries within narrow reach, each part by its own index."""
        table = audit_index.alias("found")
        is_whole = table.c.line == literal("0")
        on_cases, at_addresses = self._parts(table)
        tried = audit_subject.alias("tried").c
        is_there = exists().where(table.c.seq == tried.seq, is_whole, at_addresses)
        return union_all(
            select(table.c.seq).where(is_whole, on_cases),
            select(tried.seq).where(tried.subject_hmac.in_(sorted(self.tried)), is_there),
        )

    def _parts(self, table: FromClause) -> list[ColumnElement[bool]]:
        """Say what lies within reach: on cases, at their addresses, and without a case."""
        row = table.c
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
        parts = [and_(*on_cases), and_(*at_addresses)]
        return [*parts, and_(row.case_id == "", own)] if self.without_case else parts

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry itself lies within reach."""
        actor = entry.actor
        is_own = actor.person in self.people and actor.organisation in {"", self.employer}
        counts = self.organisation is None or is_own or actor.organisation == self.organisation
        if entry.case_id is not None:
            return counts and entry.case_id in self.cases
        was_tried = not self.tried.isdisjoint(entry.subjects)
        return (counts and was_tried) or (self.without_case and is_own)
