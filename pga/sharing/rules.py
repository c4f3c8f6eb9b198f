"""Pure rules of releases, decisions and notes: who must answer, what holds today, what ends when.

Facts are plain values; nothing here reads a database or a clock.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pga.cases.rules import birthday

CHILD_ANSWERS_FROM = 12
YOUTH_DECIDES_FROM = 16
ADULT_FROM = 18
LONGEST_RELEASE_DAYS = 365
RENEW_DAYS_BEFORE = 30


class ReleaseKind(StrEnum):
    """The way out of professional secrecy (soort vrijgave)."""

    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"
    CONFLICT_OF_DUTIES = "conflict_of_duties"


class Answer(StrEnum):
    """What somebody who must answer said, or why the answer is not needed (antwoord)."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_CAPABLE = "not_capable"
    WELL_CONSIDERED_WISH = "well_considered_wish"
    UNSAFE_TO_ASK_PARENT = "unsafe_to_ask_parent"


class GuardianKind(StrEnum):
    """Why somebody answers for a youth (gezagsrelatie)."""

    PARENTAL_AUTHORITY = "parental_authority"
    GUARDIAN = "guardian"


class Capacity(StrEnum):
    """Who answers a release at an age (wie antwoordt)."""

    REPRESENTATIVES = "representatives"
    CHILD_AND_REPRESENTATIVES = "child_and_representatives"
    YOUTH = "youth"


@dataclass(frozen=True, slots=True)
class Guardian:
    """A holder of parental authority or guardian as a fact: id, and the GI if it is one."""

    id: bytes
    organisation_id: bytes | None = None
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as a fact; `guardian_id` is None for the answer of the youth."""

    guardian_id: bytes | None
    answer: Answer


def capacity_at(age: int | None) -> Capacity:
    """Tell who must answer a release at an age (Jeugdwet 7.3.4-7.3.5, BW 7:447; to verify).

    An unknown age counts as the youngest, where every representative answers.
    """
    if age is None or age < CHILD_ANSWERS_FROM:
        return Capacity.REPRESENTATIVES
    if age < YOUTH_DECIDES_FROM:
        return Capacity.CHILD_AND_REPRESENTATIVES
    return Capacity.YOUTH


def answers_suffice(
    age: int | None,
    guardians: Collection[Guardian],
    given: Collection[Given],
    recipients: Collection[bytes],
) -> bool:
    """Tell whether everyone who must answer agreed; one missing or disagreeing is no (R-23).

    A guardian organisation (GI) cannot answer for a release to itself, and a dispute about
    parental authority counts as a missing answer. Three recorded outcomes replace an answer:
    a well-considered wish of a child of 12-15 makes the parents' answers unnecessary, an unsafe
    parent is not asked, and a youth who is not capable is answered for.
    """
    answers = {answer.guardian_id: answer.answer for answer in given}
    youth = answers.get(None)
    capacity = capacity_at(age)
    if youth is Answer.DISAGREES:
        return False
    if capacity is Capacity.YOUTH and youth is not Answer.NOT_CAPABLE:
        return youth is Answer.AGREES
    if capacity is Capacity.CHILD_AND_REPRESENTATIVES:
        if youth is Answer.WELL_CONSIDERED_WISH:
            return True
        if youth not in {Answer.AGREES, Answer.NOT_CAPABLE}:
            return False
    return _every_guardian_agrees(guardians, answers, recipients)


def _every_guardian_agrees(
    guardians: Collection[Guardian],
    answers: dict[bytes | None, Answer],
    recipients: Collection[bytes],
) -> bool:
    """Tell whether each holder of authority agreed, at least one of them really asked."""
    agreed = 0
    for guardian in guardians:
        answer = answers.get(guardian.id)
        if answer is Answer.UNSAFE_TO_ASK_PARENT:
            continue
        if answer is not Answer.AGREES or guardian.is_disputed:
            return False
        if guardian.organisation_id is not None and guardian.organisation_id in recipients:
            return False
        agreed += 1
    return agreed > 0


def rests_on_representative(given: Iterable[Given]) -> bool:
    """Tell whether a release leans on somebody who answered for the youth."""
    return any(g.guardian_id is not None and g.answer is Answer.AGREES for g in given)


def release_ends_on(
    valid_until: date, asked_on: date, born_on: date | None, *, on_representative: bool
) -> date:
    """Tell the last day of a release: its term, or the day before a birthday that ends it.

    One that rests on a representative ends on the 12th, 16th and 18th birthday (R-23).
    """
    ends = min(valid_until, asked_on + timedelta(days=LONGEST_RELEASE_DAYS))
    if not on_representative or born_on is None:
        return ends
    for age in (CHILD_ANSWERS_FROM, YOUTH_DECIDES_FROM, ADULT_FROM):
        day = birthday(born_on, age)
        if day > asked_on:
            return min(ends, day - timedelta(days=1))
    return ends


@dataclass(frozen=True, slots=True)
class ReleaseFact:
    """A release as the decision sees it; organisations are 16-byte ids."""

    id: bytes
    provider_organisation_id: bytes
    provider: str
    categories: frozenset[str]
    recipients: frozenset[bytes]
    purpose: str
    valid_from: date
    ends_on: date
    is_confirmed: bool
    is_withdrawn: bool
    suffices: bool


def release_holds(release: ReleaseFact, today: date) -> bool:
    """Tell whether a release opens anything today: confirmed, answered, running, not withdrawn."""
    return (
        release.is_confirmed
        and release.suffices
        and not release.is_withdrawn
        and release.valid_from <= today <= release.ends_on
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One flow to judge: who provides which category to whom for which purpose.

    Releases, decisions and notes name organisations; aftercare names a partner of one, so without
    the code of the recipient it meets nothing.
    """

    provider_organisation_id: bytes
    category: str
    recipient_organisation_id: bytes
    purpose: str
    recipient: str = ""


def release_covers(release: ReleaseFact, flow: Exchange) -> bool:
    """Tell whether a release names this provider, category, recipient and purpose (R-16, R-23)."""
    return (
        release.provider_organisation_id == flow.provider_organisation_id
        and flow.category in release.categories
        and flow.recipient_organisation_id in release.recipients
        and release.purpose == flow.purpose
    )


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A disclosure decision as the decision sees it."""

    id: bytes
    provider_organisation_id: bytes
    article: str
    number: str
    purposes: frozenset[str]
    categories: frozenset[str]
    recipients: frozenset[bytes]
    decided_on: date
    valid_until: date
    is_withdrawn: bool


ARTICLES_OF = {
    "POL": frozenset({"WPG_18", "WPG_19", "WPG_20"}),
    "OM": frozenset({"WJSG_39F"}),
    "DJI": frozenset({"WJSG_39F", "PBW", "BJJ"}),
}


def decision_covers(decision: DecisionFact, provider: str, flow: Exchange, today: date) -> bool:
    """Check article, number, purpose, category, recipient and term of a decision (R-11..R-15)."""
    return (
        decision.provider_organisation_id == flow.provider_organisation_id
        and decision.article in ARTICLES_OF.get(provider, frozenset())
        and bool(decision.number)
        and flow.purpose in decision.purposes
        and flow.category in decision.categories
        and flow.recipient_organisation_id in decision.recipients
        and decision.decided_on <= today <= decision.valid_until
        and not decision.is_withdrawn
    )


@dataclass(frozen=True, slots=True)
class NoteFact:
    """A weighing note as the decision sees it."""

    id: bytes
    organisation_id: bytes
    category: str
    recipients: frozenset[bytes]
    review_on: date


def note_covers(note: NoteFact, flow: Exchange, today: date) -> bool:
    """Tell whether a note of the provider serves this category and recipient until its review."""
    return (
        note.organisation_id == flow.provider_organisation_id
        and note.category == flow.category
        and flow.recipient_organisation_id in note.recipients
        and today <= note.review_on
    )
