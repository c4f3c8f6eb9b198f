"""Rows of a table of accesses: entries of the log with the words an officer may be told.

Names come in a fixed number of queries for a whole page.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from audit.entries import Actor, Entry, Line
from audit.queries import Access
from auth import queries as people
from auth.models import Membership, Organisation, Person
from config import clock
from pga.agreements.editions import catalogues_named
from pga.oversight import queries
from pga.oversight.queries import CaseName
from pga.oversight.rules import asked_by, fold
from pga.oversight.service.bench import Bench
from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import current
from pga.policy.codes import Code, Condition
from pga.policy.terms import AgreementDocument, Clause


@dataclass(frozen=True, slots=True)
class Who:
    """Who acted, as far as this officer is told: `name` only of own staff.

    `person` (hex) leads to everything the same person did; it is empty for the program itself.
    """

    organisation: str
    partner: str
    role: str
    name: str = ""
    person: str = ""
    is_replacement: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the newest of the `accesses` that fold into it, and all of them.

    `cases` are those the officer may know of, one for each access; `documents` the versions of
    agreements that refused something, and `limits` the editions of the limits under which, by what
    the log names them by.
    """

    access: Access
    who: Who | None
    accesses: tuple[Access, ...]
    cases: tuple[CaseName | None, ...]
    documents: Mapping[str, AgreementDocument] = field(default_factory=dict)
    limits: Mapping[str, Catalogue] = field(default_factory=dict)

    @property
    def case(self) -> CaseName | None:
        """Give the only case of this row; None when there is none, or there are more."""
        found = set(self.cases)
        return found.pop() if len(found) == 1 else None

    @property
    def number_of_cases(self) -> int:
        """Count the cases the officer may know of."""
        return len(set(self.cases) - {None})

    @property
    def seq(self) -> int:
        """Give the number of the entry."""
        return self.access.seq

    @property
    def entry(self) -> Entry | None:
        """Give the facts, when they can be believed."""
        return self.access.entry

    @property
    def entries(self) -> list[Entry]:
        """Give the facts of every access that folds into this row."""
        return [access.entry for access in self.accesses if access.entry is not None]

    @property
    def clauses(self) -> dict[str, Clause]:
        """Give the clauses of the version that decided, by their id."""
        document = self.documents.get(self.entry.policy_hash) if self.entry else None
        return {clause.id: clause for clause in document.clauses} if document else {}

    @property
    def at(self) -> datetime | None:
        """Tell when it happened, when that can be believed."""
        return self.access.opened.at if self.access.opened else None

    def asked(self, entry: Entry, line: Line) -> tuple[Condition, ...]:
        """Tell what the agreement asked, in the version that refused this line for want of it."""
        document = self.documents.get(entry.policy_hash)
        if document is None or line.code != Code.CONDITION_UNMET:
            return ()
        return asked_by(document, line.rule, self.limits_of(entry))

    def limits_of(self, entry: Entry) -> Catalogue:
        """Give the edition of the limits that decided; that of the program where none is named."""
        return self.limits.get(str(entry.facts.get("limits", "")), current())


class Directory:
    """The names behind a page of accesses, read once."""

    def __init__(self, bench: Bench, pages: Iterable[Iterable[Access]]) -> None:
        """Read the names that the officer of this bench is told; five queries."""
        told = [access.entry for page in pages for access in page if access.entry is not None]
        actors = {entry.actor for entry in told}
        self._bench = bench
        self._documents = queries.documents_by_hash(
            {entry.policy_hash for entry in told if entry.policy_hash}
        )
        self._limits = catalogues_named({str(entry.facts.get("limits", "")) for entry in told})
        named = {bytes.fromhex(one.person) for one in actors if bench.names(one)}
        unknown = {
            bytes.fromhex(one.person)
            for one in actors
            if one.person and not one.organisation and one.person not in bench.staff
        }
        self._people: Mapping[bytes, Person] = people.people_by_id(named)
        self._places: Mapping[bytes, list[Membership]] = people.live_memberships_of(
            unknown, clock.today()
        )
        employers = {bytes.fromhex(one.organisation) for one in actors if one.organisation}
        self._organisations: Mapping[bytes, Organisation] = people.organisations_by_id(
            employers | {bench.place.organisation_id}
        )

    def who(self, actor: Actor) -> Who:
        """Say who acted; where the entry knows no organisation, where this person works today."""
        organisation, partner, role = actor.organisation, actor.partner, actor.role
        place = None if organisation or not actor.person else self._place(actor.person)
        if place is not None:
            organisation = place.organisation_id.hex()
            partner, role = place.partner, place.role
        employer = self._organisations.get(bytes.fromhex(organisation)) if organisation else None
        known = None
        if self._bench.names(actor):
            known = self._people.get(bytes.fromhex(actor.person))
        return Who(
            organisation=employer.name if employer else self._employer(place),
            partner=partner,
            role=role,
            name=known.name if known else "",
            person=actor.person,
            is_replacement=actor.on_behalf_of is not None,
        )

    def employer_of(self, actor: Actor) -> str:
        """Give the id (hex) of whom somebody acted for: as the entry says, else where they work."""
        if actor.organisation or not actor.person:
            return actor.organisation
        place = self._place(actor.person)
        return place.organisation_id.hex() if place is not None else ""

    def _place(self, person: str) -> Membership | None:
        """Find where somebody works: on this bench's own staff, else in its municipality first."""
        own = self._bench.staff.get(person)
        if own is not None:
            return own
        found = self._places.get(bytes.fromhex(person), [])
        here = self._bench.place.municipality
        return next(iter(sorted(found, key=lambda one: one.municipality != here)), None)

    @staticmethod
    def _employer(place: Membership | None) -> str:
        """Name the employer of somebody whose entry knows none."""
        return place.organisation.name if place else ""

    def rows(self, accesses: Sequence[Access]) -> list[Row]:
        """Make a row of each access."""
        return [self.row((access,)) for access in accesses]

    def by_day(self, accesses: Sequence[Access], *, apart_by_case: bool = True) -> list[Row]:
        """Make rows of accesses, folded by day, person and kind, and by case where asked."""

        def key(access: Access) -> Hashable | None:
            same = _day_and_kind(access)
            if same is None or not apart_by_case:
                return same
            return same, access.entry.case_id if access.entry else None

        return [self.row(members) for members in fold(accesses, key)]

    def row(self, members: tuple[Access, ...]) -> Row:
        """Make one row."""
        entry = members[0].entry
        who = self.who(entry.actor) if entry else None
        cases = tuple(self._case(access) for access in members)
        return Row(members[0], who, members, cases, self._documents, self._limits)

    def _case(self, access: Access) -> CaseName | None:
        """Name the case of an access, also of an attempt; None outside this bench."""
        entry = access.entry
        if entry is None:
            return None
        return self._bench.cases.get(entry.case_id) if entry.case_id else self._tried(entry)

    def _tried(self, entry: Entry) -> CaseName | None:
        """Name the case whose address somebody without a seat tried, if this bench knows it."""
        return next(
            (case for subject in entry.subjects if (case := self._bench.tried.get(subject))), None
        )


def _day_and_kind(access: Access) -> Hashable | None:
    """Tell what folds together; what was doctored stands alone."""
    if access.opened is None or access.fault:
        return None
    told = access.opened.entry
    return (
        clock.local_day(access.opened.at),
        *(told.actor.person, told.actor.organisation, told.actor.on_behalf_of),
        *(told.action, told.kind, told.decided),
    )
