"""Pure rules of the life of an agreement: which step leads where, who takes it, and what it needs.

Every need of a step is looked at, so that whoever asks reads all that is still missing at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from auth.rules import Role
from pga.policy.codes import Category, Partner
from pga.policy.terms import AgreementDocument


class AgreementState(StrEnum):
    """Where a version of an agreement (convenant) stands in its life."""

    DRAFT = "draft"
    LEGAL_CHECK = "legal_check"
    DPIA_DONE = "dpia_done"
    SIGNING = "signing"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


class Step(StrEnum):
    """A step in the life of a version (stap in de levensloop)."""

    TO_LEGAL_CHECK = "to_legal_check"
    RECORD_DPIA = "record_dpia"
    OPEN_SIGNING = "open_signing"
    ACTIVATE = "activate"
    BACK_TO_DRAFT = "back_to_draft"
    DROP = "drop"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"
    PROPOSE_MODEL = "propose_model"
    PUBLISH_MODEL = "publish_model"


class Need(StrEnum):
    """What a step needs before it can be taken (voorwaarde van een overgang)."""

    MATRIX_COMPLETE = "matrix_complete"
    LIMITS_PROVEN = "limits_proven"
    EXAMPLES_HOLD = "examples_hold"
    DEVIATIONS_EXPLAINED = "deviations_explained"
    TERM_AHEAD = "term_ahead"
    PARTIES_NAMED = "parties_named"
    CLAUSES_CONFIRMED = "clauses_confirmed"
    NO_OBJECTION = "no_objection"
    DPIA_RECORDED = "dpia_recorded"
    MINIMUM_SIGNED = "minimum_signed"
    NOBODY_SIGNED = "nobody_signed"
    ANOTHER_PERSON = "another_person"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a version at the moment somebody looks at it.

    `missing` are the partners without whom it cannot come into force and for whom no organisation
    is named, `unsigned` those that have not signed; `before` is who took the step that the next
    one must not be taken by.
    """

    state: AgreementState
    is_model: bool
    needs_all_clauses: bool
    unwritten: int = 0
    violations: int = 0
    broken_examples: int = 0
    unexplained: int = 0
    open_clauses: int = 0
    objections: int = 0
    missing: tuple[Partner, ...] = ()
    unsigned: tuple[Partner, ...] = ()
    signatures: int = 0
    has_dpia: bool = False
    is_over: bool = False
    before: bytes | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step leads where, who may take it, and what it needs first."""

    sources: frozenset[AgreementState]
    target: AgreementState
    roles: tuple[Role, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One need of a step (controlepunt): whether it is met, and whether the step waits for it."""

    need: Need
    is_met: bool
    blocks: bool = True


_DRAFTERS: Final = (Role.PROCESS_LEAD, Role.LAWYER)
_LEAD: Final = (Role.PROCESS_LEAD,)
_OUGHT: Final = (
    *(Need.MATRIX_COMPLETE, Need.LIMITS_PROVEN, Need.EXAMPLES_HOLD),
    *(Need.DEVIATIONS_EXPLAINED, Need.TERM_AHEAD),
)
_S = AgreementState

WAYS: Final[Mapping[Step, Way]] = MappingProxyType(
    {
        Step.TO_LEGAL_CHECK: Way(frozenset({_S.DRAFT}), _S.LEGAL_CHECK, _DRAFTERS, _OUGHT),
        Step.RECORD_DPIA: Way(
            frozenset({_S.LEGAL_CHECK}),
            _S.DPIA_DONE,
            _DRAFTERS,
            (*_OUGHT, Need.CLAUSES_CONFIRMED, Need.NO_OBJECTION),
        ),
        Step.OPEN_SIGNING: Way(
            frozenset({_S.DPIA_DONE}),
            _S.SIGNING,
            _LEAD,
            (*_OUGHT, Need.DPIA_RECORDED, Need.NO_OBJECTION, Need.PARTIES_NAMED),
        ),
        Step.ACTIVATE: Way(
            frozenset({_S.SIGNING}),
            _S.ACTIVE,
            _DRAFTERS,
            (
                *(*_OUGHT, Need.DPIA_RECORDED, Need.CLAUSES_CONFIRMED, Need.NO_OBJECTION),
                *(Need.MINIMUM_SIGNED, Need.ANOTHER_PERSON),
            ),
        ),
        Step.BACK_TO_DRAFT: Way(
            frozenset({_S.LEGAL_CHECK, _S.DPIA_DONE, _S.SIGNING}),
            _S.DRAFT,
            _DRAFTERS,
            (Need.NOBODY_SIGNED,),
        ),
        Step.DROP: Way(
            frozenset({_S.DRAFT, _S.LEGAL_CHECK, _S.DPIA_DONE, _S.SIGNING}), _S.TERMINATED, _LEAD
        ),
        Step.SUSPEND: Way(frozenset({_S.ACTIVE}), _S.SUSPENDED, _LEAD),
        Step.RESUME: Way(
            frozenset({_S.SUSPENDED}),
            _S.ACTIVE,
            _LEAD,
            (Need.LIMITS_PROVEN, Need.TERM_AHEAD, Need.MINIMUM_SIGNED),
        ),
        Step.TERMINATE: Way(frozenset({_S.ACTIVE, _S.SUSPENDED}), _S.TERMINATED, _LEAD),
    }
)
"""The steps of an agreement."""

MODEL_WAYS: Final[Mapping[Step, Way]] = MappingProxyType(
    {
        Step.PROPOSE_MODEL: Way(
            frozenset({_S.DRAFT}), _S.SIGNING, (Role.REGIONAL_ADVISER,), _OUGHT
        ),
        Step.PUBLISH_MODEL: Way(
            frozenset({_S.SIGNING}),
            _S.ACTIVE,
            (Role.REGIONAL_ADVISER, Role.LAWYER),
            (*_OUGHT, Need.NO_OBJECTION, Need.ANOTHER_PERSON),
        ),
        Step.BACK_TO_DRAFT: Way(frozenset({_S.SIGNING}), _S.DRAFT, (Role.REGIONAL_ADVISER,)),
        Step.DROP: Way(frozenset({_S.DRAFT, _S.SIGNING}), _S.TERMINATED, (Role.REGIONAL_ADVISER,)),
    }
)
"""The steps of a regional model: one person proposes it and another publishes it."""

# Steps on the way to coming into force; the others lead out of it and ask for a reason.
FORWARD: Final = (
    *(Step.TO_LEGAL_CHECK, Step.RECORD_DPIA, Step.OPEN_SIGNING, Step.ACTIVATE),
    *(Step.PROPOSE_MODEL, Step.PUBLISH_MODEL),
)
FIXED: Final = frozenset(
    {_S.ACTIVE, _S.SUSPENDED, _S.EXPIRED, _S.TERMINATED, _S.SUPERSEDED},
)
"""States in which a version is past being made."""

CRIMINAL_JUSTICE: Final = frozenset({Category.D06, Category.G04, Category.G05})
"""What the public prosecution decides about, so that nothing of it is shared without it."""


def ways_of(standing: Standing) -> Mapping[Step, Way]:
    """Give the steps there are from where a version stands."""
    known = MODEL_WAYS if standing.is_model else WAYS
    return {step: way for step, way in known.items() if standing.state in way.sources}


def next_step(standing: Standing) -> Step | None:
    """Give the step on the way to coming into force, or nothing when there is none left."""
    return next((step for step in ways_of(standing) if step in FORWARD), None)


_MET: Final[Mapping[Need, Callable[[Standing, bytes | None], bool]]] = MappingProxyType(
    {
        Need.MATRIX_COMPLETE: lambda known, _who: not known.unwritten,
        Need.LIMITS_PROVEN: lambda known, _who: not known.violations,
        Need.EXAMPLES_HOLD: lambda known, _who: not known.broken_examples,
        Need.DEVIATIONS_EXPLAINED: lambda known, _who: not known.unexplained,
        Need.TERM_AHEAD: lambda known, _who: not known.is_over,
        Need.PARTIES_NAMED: lambda known, _who: not known.missing,
        Need.CLAUSES_CONFIRMED: lambda known, _who: not known.open_clauses,
        Need.NO_OBJECTION: lambda known, _who: not known.objections,
        Need.DPIA_RECORDED: lambda known, _who: known.has_dpia,
        Need.MINIMUM_SIGNED: lambda known, _who: not known.unsigned,
        Need.NOBODY_SIGNED: lambda known, _who: not known.signatures,
        Need.ANOTHER_PERSON: lambda known, who: who is None or who != known.before,
    }
)


def checks(step: Step, standing: Standing, person_id: bytes | None = None) -> tuple[Check, ...]:
    """Look at every need of a step, as this person would take it.

    Unconfirmed clauses hold a step up in production alone; elsewhere they stay marked as to be
    checked.
    """
    known = MODEL_WAYS if standing.is_model else WAYS
    return tuple(
        Check(
            need,
            _MET[need](standing, person_id),
            blocks=need is not Need.CLAUSES_CONFIRMED or standing.needs_all_clauses,
        )
        for need in known[step].needs
    )


def unmet(step: Step, standing: Standing, person_id: bytes | None = None) -> tuple[Need, ...]:
    """Give every need that a step waits for."""
    found = checks(step, standing, person_id)
    return tuple(check.need for check in found if check.blocks and not check.is_met)


def minimum_parties(document: AgreementDocument) -> tuple[Partner, ...]:
    """Give without whose signature a version cannot come into force.

    The public prosecution is one of them as soon as anybody brings or sees judicial data.
    """
    judicial = any(
        cell.provide.is_open or cell.consult.is_open
        for rows in document.matrix.values()
        for row in rows.values()
        for category, cell in row.items()
        if category in CRIMINAL_JUSTICE
    )
    return (Partner.GPR, Partner.POL, *((Partner.OM,) if judicial else ()))


class Reminder(StrEnum):
    """What somebody is to be reminded of about a version in force (waarschuwing)."""

    ENDS_IN_SIX_MONTHS = "ends_in_six_months"
    ENDS_IN_THREE_MONTHS = "ends_in_three_months"
    EVALUATION_PASSED = "evaluation_passed"


def months_before(day: date, months: int) -> date:
    """Give the same day some months earlier, or the last day of that month when it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)  # pragma: no cover - every month has a 28th


def reminders(valid_until: date, evaluation: date | None, today: date) -> tuple[Reminder, ...]:
    """Tell what to remind of: the end, six and three months ahead, and a passed evaluation."""
    found = []
    if months_before(valid_until, 3) <= today <= valid_until:
        found.append(Reminder.ENDS_IN_THREE_MONTHS)
    elif months_before(valid_until, 6) <= today <= valid_until:
        found.append(Reminder.ENDS_IN_SIX_MONTHS)
    if evaluation is not None and evaluation < today <= valid_until:
        found.append(Reminder.EVALUATION_PASSED)
    return tuple(found)


class Capacity(StrEnum):
    """In which capacity somebody signs (hoedanigheid): Awb 10:3, 10:12, Gemeentewet 171."""

    BODY = "body"
    MAYOR = "mayor"
    MANDATE = "mandate"
    POWER_OF_ATTORNEY = "power_of_attorney"


BY_DEED: Final = frozenset({Capacity.MANDATE, Capacity.POWER_OF_ATTORNEY})
"""Capacities that rest on a written act, with its number, scope and date (Awb 10:3, 10:12)."""

THE_COLLEGE: Final = frozenset({Partner.GPR, Partner.GCR})


def capacities(partner: Partner) -> tuple[Capacity, ...]:
    """Give in which capacities somebody can sign for a party.

    The mayor represents the municipality (Gemeentewet 171) and so signs for the college; as a body
    of its own the mayor signs apart from it. Any other body signs itself.
    """
    itself = Capacity.MAYOR if partner in THE_COLLEGE else Capacity.BODY
    return (itself, Capacity.MANDATE, Capacity.POWER_OF_ATTORNEY)


def is_same_body(partner: str, other: str) -> bool:
    """Tell whether two partner codes of one organisation stand for one body that signs.

    The college signs for process lead and case managers alike, never for the mayor.
    """
    return partner == other or {partner, other} <= THE_COLLEGE


@dataclass(frozen=True, slots=True)
class Deed:
    """The written act that a capacity rests on (mandaatbesluit of volmacht)."""

    number: str = ""
    scope: str = ""
    made_on: date | None = None


def objections(
    partner: Partner, capacity: Capacity, deed: Deed, today: date
) -> Mapping[str, list[str]]:
    """Tell by field what a capacity lacks, as message ids; empty when it can be signed in."""
    if capacity not in capacities(partner):
        return {"capacity": ["In this capacity nobody signs for this party."]}
    found: dict[str, list[str]] = {}
    if capacity in BY_DEED:
        if not deed.number:
            found["mandate_number"] = ["Fill in the number of the mandate or power of attorney."]
        if not deed.scope:
            found["mandate_scope"] = ["Fill in what the mandate or power of attorney covers."]
        if deed.made_on is None:
            found["mandate_on"] = ["Fill in from which day the mandate or power of attorney is."]
    if deed.made_on is not None and deed.made_on > today:
        found["mandate_on"] = ["This day is still to come."]
    return found
