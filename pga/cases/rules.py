"""Pure rules of a case: states, phases, allowed steps, the informing clock and its blocks."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

INFORM_WITHIN_DAYS = 30
INFORM_ALARM_DAY = 20
REVIEW_EVERY_DAYS = 91
LONGEST_DELAY_DAYS = 28


class CaseState(StrEnum):
    """The state of a case (status van de casus)."""

    SIGNAL = "signal"
    ADMISSIBLE = "admissible"
    TRIAGE = "triage"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    DECIDED = "decided"
    INFORMING = "informing"
    MEETING = "meeting"
    PLAN_DRAFT = "plan_draft"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    SCALED_UP = "scaled_up"
    TRANSFERRED = "transferred"
    SCALED_DOWN = "scaled_down"
    AFTERCARE = "aftercare"
    CLOSED = "closed"


PHASE_OF = {
    CaseState.SIGNAL: "F0",
    CaseState.ADMISSIBLE: "F0",
    CaseState.TRIAGE: "F1",
    CaseState.DECIDED: "F1",
    CaseState.INFORMING: "F2",
    CaseState.MEETING: "F2",
    CaseState.PLAN_DRAFT: "F2",
    CaseState.IN_PROGRESS: "F3",
    CaseState.SUSPENDED: "F3",
    CaseState.SCALED_UP: "F3",
    CaseState.SCALED_DOWN: "F4",
    CaseState.AFTERCARE: "F4",
    CaseState.CLOSED: "F5",
    CaseState.REJECTED: "F5",
    CaseState.REDIRECTED: "F5",
    CaseState.TRANSFERRED: "F5",
}


class ParticipantTask(StrEnum):
    """What a participant is named for in a case (taak van de deelnemer)."""

    SUBMITTER = "submitter"
    PROCESS = "process"
    CASE_MANAGEMENT = "case_management"
    CONTRIBUTION = "contribution"
    EXECUTION = "execution"
    ADVICE = "advice"
    AFTERCARE = "aftercare"


class WorkKind(StrEnum):
    """The kind of a waiting task (soort werktaak)."""

    INFORM_YOUTH = "inform_youth"
    REVIEW_CASE = "review_case"
    APPROVE_STEP = "approve_step"
    CONFIRM_RELEASE = "confirm_release"
    RENEW_RELEASE = "renew_release"
    STOP_USING = "stop_using"
    POSSIBLE_BREACH = "possible_breach"
    QUESTION = "question"
    READ_CORRECTION = "read_correction"
    RECORD_DISCLOSURE = "record_disclosure"
    REPLACE_PARTICIPANT = "replace_participant"


class Need(StrEnum):
    """What a step needs before it can be taken (voorwaarde van een stap)."""

    REQUIRED_FIELDS = "required_fields"
    AGE = "age"
    NO_DUPLICATE = "no_duplicate"
    REASON = "reason"
    WEIGHING_NOTE = "weighing_note"
    SECOND_PERSON = "second_person"
    INFORMED = "informed"
    CASE_MANAGER = "case_manager"
    ACTIONS_COMPLETE = "actions_complete"
    VIEW_OF_YOUTH = "view_of_youth"
    AGREEMENT_IN_FORCE = "agreement_in_force"
    AFTERCARE_PARTNER = "aftercare_partner"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed change of state (stap): who may take it and what it needs."""

    source: CaseState
    target: CaseState
    by: frozenset[str]
    needs: tuple[Need, ...] = ()


_GPR = frozenset({"GPR"})
_LEADS = frozenset({"GPR", "GCR"})

STEPS: tuple[Step, ...] = (
    Step(
        CaseState.SIGNAL,
        CaseState.ADMISSIBLE,
        _GPR,
        (Need.REQUIRED_FIELDS, Need.AGE, Need.NO_DUPLICATE),
    ),
    Step(CaseState.SIGNAL, CaseState.REJECTED, _GPR, (Need.REASON,)),
    Step(CaseState.SIGNAL, CaseState.REDIRECTED, _GPR, (Need.REASON,)),
    Step(CaseState.ADMISSIBLE, CaseState.TRIAGE, _GPR),
    Step(CaseState.TRIAGE, CaseState.REJECTED, _GPR, (Need.REASON,)),
    Step(CaseState.TRIAGE, CaseState.REDIRECTED, _GPR, (Need.REASON,)),
    Step(CaseState.TRIAGE, CaseState.DECIDED, _GPR, (Need.WEIGHING_NOTE, Need.SECOND_PERSON)),
    Step(CaseState.DECIDED, CaseState.INFORMING, _GPR),
    Step(CaseState.INFORMING, CaseState.MEETING, _GPR, (Need.INFORMED,)),
    Step(CaseState.MEETING, CaseState.PLAN_DRAFT, _GPR, (Need.CASE_MANAGER,)),
    Step(CaseState.MEETING, CaseState.SCALED_DOWN, _GPR, (Need.REASON,)),
    Step(CaseState.MEETING, CaseState.CLOSED, _GPR, (Need.REASON,)),
    Step(
        CaseState.PLAN_DRAFT,
        CaseState.IN_PROGRESS,
        _LEADS,
        (Need.ACTIONS_COMPLETE, Need.VIEW_OF_YOUTH),
    ),
    Step(CaseState.IN_PROGRESS, CaseState.MEETING, _LEADS),
    Step(CaseState.IN_PROGRESS, CaseState.SUSPENDED, _GPR, (Need.REASON,)),
    Step(CaseState.SUSPENDED, CaseState.MEETING, _GPR),
    Step(CaseState.SUSPENDED, CaseState.CLOSED, _GPR, (Need.REASON,)),
    Step(CaseState.IN_PROGRESS, CaseState.SCALED_DOWN, _GPR, (Need.REASON,)),
    Step(CaseState.SCALED_DOWN, CaseState.AFTERCARE, _GPR, (Need.AFTERCARE_PARTNER,)),
    Step(CaseState.SCALED_DOWN, CaseState.CLOSED, _GPR, (Need.REASON,)),
    Step(CaseState.AFTERCARE, CaseState.CLOSED, _GPR, (Need.REASON,)),
)

ENDED = frozenset(state for state, phase in PHASE_OF.items() if phase == "F5")


def steps_from(state: CaseState, partner: str) -> tuple[Step, ...]:
    """List the steps that a partner of the municipality may take from a state.

    `triage` to `meeting` is not among them: nothing is shared in a meeting that was not decided.
    """
    return tuple(step for step in STEPS if step.source is state and partner in step.by)


def find_step(source: CaseState, target: CaseState, *, in_force: bool) -> Step | None:
    """Find the step between two states, or None when it is not allowed.

    Once the agreement is no longer in force only the way to `closed` is open (R-01).
    """
    if not in_force:
        if target is CaseState.CLOSED and source not in ENDED:
            return Step(source, target, _GPR, (Need.REASON,))
        return None
    return next((s for s in STEPS if s.source is source and s.target is target), None)


@dataclass(frozen=True, slots=True)
class InformClock:
    """The clock of informing the youth (informeren), AVG 14(3), R-30."""

    informed_on: date | None
    day: int
    delay_until: date | None
    is_alarm: bool
    is_blocking: bool


def inform_clock(
    opened_on: date, informed_on: date | None, delay_until: date | None, today: date
) -> InformClock:
    """Tell how long the youth has not been informed, in whole days since the signal (R-30).

    From day 20 it is an alarm; from day 30, without a delay record that still runs, no new
    provision is possible (AVG 14(3)(a)).
    """
    day = (today - opened_on).days
    waiting = informed_on is None and (delay_until is None or delay_until < today)
    return InformClock(
        informed_on=informed_on,
        day=day,
        delay_until=delay_until,
        is_alarm=waiting and day >= INFORM_ALARM_DAY,
        is_blocking=waiting and day >= INFORM_WITHIN_DAYS,
    )


def is_review_overdue(review_due_on: date | None, today: date) -> bool:
    """Tell whether the review of necessity is late, which makes a case read-only (R-34)."""
    return review_due_on is not None and review_due_on < today


def next_review(today: date) -> date:
    """Tell when necessity must be looked at again: three months on (R-34)."""
    return today + timedelta(days=REVIEW_EVERY_DAYS)


def age_on(born_on: date | None, today: date) -> int | None:
    """Tell the age in whole years on a day, or None when the birth date is unknown (R-07).

    Somebody born on 29 February has the birthday on 1 March in other years (BW 1:233 practice,
    to verify).
    """
    if born_on is None:
        return None
    before = (today.month, today.day) < (born_on.month, born_on.day)
    return today.year - born_on.year - int(before)


def birthday(born_on: date, age: int) -> date:
    """Tell the day on which a person reaches an age."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def is_running(from_on: date, until_on: date, ended_on: date | None, today: date) -> bool:
    """Tell whether a task, replacement or term runs today; the last day counts."""
    return from_on <= today <= until_on and (ended_on is None or ended_on > today)
