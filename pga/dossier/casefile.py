"""The case file as one viewer may see it: what the page shows, worked out before the template.

Everything here comes from a Disclosure, so the page, its counts and its print never know more
than was decided and entered in the log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from auth import queries as people
from config import clock
from pga.agreements.queries import table_of
from pga.cases.models import Participant
from pga.cases.rules import (
    PHASE_OF,
    CaseState,
    InformClock,
    ParticipantTask,
    age_on,
    inform_clock,
    is_review_overdue,
    is_running,
)
from pga.dossier.rules import ACTIONS_OF, IDENTITY_OF, NOTE_CATEGORY, SIGNAL_CATEGORY, ItemKind
from pga.policy.laws import Obligation
from pga.policy.sections import Section, SectionState, sections
from pga.sharing.service.disclose import Disclosure, OpenItem
from pga.sharing.service.judge import situation_of

IN_TIMELINE = frozenset(
    {
        ItemKind.INTERVENTION,
        ItemKind.CONTRIBUTION,
        ItemKind.DECISION,
        ItemKind.SIGNAL,
        ItemKind.YOUTH_VIEW,
        ItemKind.FAMILY,
    }
)
CLOSED = frozenset(
    {
        SectionState.CONDITIONAL,
        SectionState.LATER,
        SectionState.NEVER,
        SectionState.CUT_BY_LAW,
        SectionState.BLOCKED,
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """A participant the viewer may know of, with names ready to show."""

    participant: Participant
    name: str
    organisation: str
    is_running: bool
    stand_in: str


class CaseFile:
    """One case for one viewer; the names of people and organisations take one query."""

    def __init__(self, disclosure: Disclosure) -> None:
        """Take what was disclosed."""
        self.disclosure = disclosure
        self.facts = disclosure.facts
        self.case = disclosure.facts.case
        self.seat = disclosure.seat
        self.today = clock.today()

    @cached_property
    def known(self) -> list[Participant]:
        """List the participants the viewer may know of."""
        return self.disclosure.veil.participants(self.facts.participants, self.seat.person_id)

    @cached_property
    def names(self) -> Mapping[bytes, str]:
        """Read the names of the people and organisations on the page in one query."""
        ids = {p.person_id for p in self.known}
        ids |= {r.person_id for r in self.facts.replacements}
        ids |= {i.row.author_person_id for i in self.disclosure.items if i.owner is not None}
        ids |= {
            i.row.responsible_person_id
            for i in self.disclosure.items
            if i.row.responsible_person_id is not None
        }
        ids |= {p.organisation_id for p in self.known} | {self.seat.organisation_id}
        ids |= {i.owner[0] for i in self.disclosure.items if i.owner is not None}
        return people.names_of(ids)

    @property
    def phase(self) -> str:
        """Tell the phase of the case."""
        return PHASE_OF[CaseState(self.case.state)]

    @property
    def informing(self) -> InformClock:
        """Tell how the informing of the youth stands (R-30)."""
        return inform_clock(
            clock.local_day(self.case.opened_at),
            self.case.informed_on,
            self.case.delay_until,
            self.today,
        )

    @property
    def is_review_overdue(self) -> bool:
        """Tell whether the case is read-only because its review is late (R-34)."""
        return is_review_overdue(self.case.review_due_on, self.today)

    @cached_property
    def name(self) -> str:
        """Give the first name of the youth, as far as an opened item holds it."""
        categories = {IDENTITY_OF[self.case.track], SIGNAL_CATEGORY}
        for item in self.disclosure.items:
            if item.category in categories and item.content.get("first_name"):
                return str(item.content["first_name"])
        return ""

    @property
    def age(self) -> int | None:
        """Give the age; shown only together with the name."""
        return age_on(self.case.born_on, self.today)

    @cached_property
    def timeline(self) -> list[OpenItem]:
        """List what happened, newest first."""
        return self._of(IN_TIMELINE)

    @cached_property
    def goals(self) -> list[OpenItem]:
        """List what was agreed with the youth."""
        return self._of({ItemKind.GOAL})

    @cached_property
    def actions(self) -> list[OpenItem]:
        """List the open actions, the one due first on top."""
        found = [i for i in self._of({ItemKind.ACTION}) if i.row.done_at is None]
        return sorted(found, key=lambda item: item.row.due_on or date.max)

    @cached_property
    def done_actions(self) -> list[OpenItem]:
        """List the finished actions."""
        return [i for i in self._of({ItemKind.ACTION}) if i.row.done_at is not None]

    def _of(self, kinds: Iterable[str]) -> list[OpenItem]:
        """List opened items of these kinds that still stand."""
        return [
            item
            for item in self.disclosure.items
            if item.row.kind in kinds and item.category != NOTE_CATEGORY
        ]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Give the sections of the agreement for this viewer, whether or not items exist."""
        consumer = (self.seat.organisation_id, self.seat.partner)
        table = table_of(self.facts.agreement)
        for_each = [
            sections(table, situation_of(self.facts, consumer, purpose, self.today))
            for purpose in self.seat.purposes
        ]
        return tuple(
            next((one for one in same if one.state is SectionState.OPEN), same[0])
            for same in zip(*for_each, strict=True)
        )

    @property
    def open_sections(self) -> list[tuple[Section, int]]:
        """List the sections with something to read, or that are open as such, with their count."""
        counts = self.disclosure.counts
        return [
            (section, counts.get(section.category, 0))
            for section in self.sections
            if section.state is SectionState.OPEN or counts.get(section.category, 0)
        ]

    @property
    def closed_sections(self) -> list[Section]:
        """List the sections closed to this viewer; the same with and without hidden items."""
        return [
            section
            for section in self.sections
            if section.state in CLOSED and not self.disclosure.counts.get(section.category, 0)
        ]

    @property
    def askable_sections(self) -> list[Section]:
        """List the closed sections that could open once something is arranged."""
        can_open = {SectionState.CONDITIONAL, SectionState.LATER}
        return [section for section in self.closed_sections if section.state in can_open]

    @cached_property
    def members(self) -> list[Member]:
        """List the participants one may know of, running ones first."""
        instead = {
            r.participant_id: r.person_id
            for r in self.facts.replacements
            if is_running(r.from_on, r.until_on, r.ended_on, self.today)
        }
        found = [
            Member(
                participant=p,
                name=self.person(p.person_id),
                organisation=self.organisation(p.organisation_id),
                is_running=is_running(p.from_on, p.until_on, p.ended_on, self.today),
                stand_in=self.person(instead[p.id]) if p.id in instead else "",
            )
            for p in self.known
        ]
        return sorted(found, key=lambda member: (not member.is_running, member.organisation))

    def newer_than(self, since: datetime | None) -> frozenset[bytes]:
        """Tell which opened items of others were written or changed after an instant, by id.

        Nothing is new to somebody who does not say since when.
        """
        if since is None:
            return frozenset()
        return frozenset(
            item.id
            for item in self.disclosure.items
            if not item.is_own and item.row.updated_at > since
        )

    def person(self, person_id: bytes | None) -> str:
        """Give the name of a member of staff; empty when there is none."""
        return self.names.get(person_id, "") if person_id else ""

    def responsible(self, item: OpenItem) -> str:
        """Name who does an action: the case manager where the name would tell of help.

        An action of somebody whom the viewer may not know would name the secret help (R-29); it
        reads as one of the case manager's own. Empty when there is no case manager.
        """
        owner_id = item.row.responsible_person_id
        if any(p.person_id == owner_id for p in self.known):
            return self.person(owner_id)
        return next(
            (
                member.name
                for member in self.members
                if member.participant.task == ParticipantTask.CASE_MANAGEMENT
            ),
            "",
        )

    def organisation(self, organisation_id: bytes) -> str:
        """Give the name of an organisation; empty when it is not known."""
        return self.names.get(organisation_id, "")

    def owner(self, item: OpenItem) -> str:
        """Say whose item it is; the case manager's where the owner may not be known (R-29)."""
        return self.organisation(item.owner[0]) if item.owner else ""

    def may_finish(self, item: OpenItem) -> bool:
        """Tell whether the viewer can mark an action as done."""
        responsible = item.row.responsible_person_id
        return item.is_own or (
            responsible is not None and responsible.hex() in self.seat.named_persons
        )

    @property
    def plan_category(self) -> str:
        """Give the category of actions in this track."""
        return ACTIONS_OF[self.case.track]


def no_onward(item: OpenItem) -> bool:
    """Tell whether an item must carry "do not pass on": police and judicial data (R-14)."""
    return Obligation.NO_ONWARD in item.decision.obligations


def newest_first(items: Sequence[OpenItem]) -> list[OpenItem]:
    """Sort items by the day things happened, and within a day by when they were written."""
    return sorted(
        items,
        key=lambda i: (
            str(i.content.get("happened_on") or clock.local_day(i.row.created_at)),
            i.row.created_at,
            i.row.id,
        ),
        reverse=True,
    )


def not_for_investigation(item: OpenItem) -> bool:
    """Tell whether police or prosecution must read "not for investigation" beside it (R-08)."""
    return Obligation.NOT_FOR_INVESTIGATION in item.decision.obligations
