"""Changes of the skeleton. Nothing here commits: a case changes only through records.write."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import update

from config import clock
from config.database import db
from config.errors import ApplicationError
from config.ids import new_id
from pga.cases import queries
from pga.cases.models import Case, Participant, Replacement, WorkTask
from pga.cases.rules import (
    ENDED,
    CaseState,
    ParticipantTask,
    WorkKind,
    find_step,
    next_review,
)

NUMBER_SPACE = 100_000


class StepNotAllowedError(ApplicationError):
    """The case cannot go from its state to the one asked for."""

    status = 422
    code = "step-not-allowed"
    message = "This step is not possible now."


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a new case skeleton needs; ids are 16 bytes, `born_on` a calendar day.

    `id` is drawn before anything is stored: what is sealed first is bound to it.
    """

    subject_id: bytes
    municipality: str
    track: str
    agreement_id: bytes
    purpose: str
    submitter_organisation_id: bytes
    born_on: date | None
    id: bytes = field(default_factory=new_id)


def open_case(new: NewCase) -> Case:
    """Add the skeleton of a new case in state `signal`, with a number that says nothing.

    The number is random within its year, so it does not tell how many cases there are.
    """
    at = clock.now()
    case = Case(
        id=new.id,
        number=_free_number(at),
        subject_id=new.subject_id,
        municipality=new.municipality,
        track=new.track,
        agreement_id=new.agreement_id,
        state=CaseState.SIGNAL,
        purpose=new.purpose,
        submitter_organisation_id=new.submitter_organisation_id,
        opened_at=at,
        born_on=new.born_on,
        version=0,
        manifest=b"",
        epoch=1,
    )
    db.session.add(case)
    return case


def _free_number(at: datetime) -> str:
    """Draw a number that no case has yet."""
    year = clock.local_day(at).year
    while True:
        number = f"{year}-{secrets.randbelow(NUMBER_SPACE):05d}"
        if not queries.number_is_taken(number):
            return number


def touch(case: Case) -> None:
    """Raise the epoch, so that a decision made before this change opens nothing after it."""
    case.epoch = Case.epoch + 1


def touch_all(municipality: str) -> None:
    """Raise the epoch of every case of a municipality, for a change that holds for all of them."""
    db.session.execute(
        update(Case).where(Case.municipality == municipality).values(epoch=Case.epoch + 1)
    )


def come_under(case: Case, agreement_id: bytes) -> None:
    """Bring a case under another version of the agreement, from today; never silently (R-01)."""
    case.agreement_id = agreement_id
    case.agreement_since = clock.today()
    touch(case)


@dataclass(frozen=True, slots=True)
class NewParticipant:
    """Who joins a case, for which organisation, with which task and until when."""

    person_id: bytes
    organisation_id: bytes
    partner: str
    task: ParticipantTask
    until_on: date
    purpose: str | None = None


def add_participant(case: Case, new: NewParticipant, added_by: bytes) -> Participant:
    """Name a person in a case with a task and an end date (R-04)."""
    participant = Participant(
        id=new_id(),
        case_id=case.id,
        person_id=new.person_id,
        organisation_id=new.organisation_id,
        partner=new.partner,
        task=new.task,
        purpose=new.purpose or case.purpose,
        from_on=clock.today(),
        until_on=new.until_on,
        added_by=added_by,
    )
    db.session.add(participant)
    touch(case)
    return participant


def end_participant(case: Case, participant: Participant) -> None:
    """End a task; the very next request of this person is refused (R-04)."""
    participant.ended_on = clock.today()
    touch(case)


def set_replacement(
    case: Case, participant: Participant, person_id: bytes, until_on: date, recorded_by: bytes
) -> Replacement:
    """Record who stands in for a participant until a day (R-04)."""
    replacement = Replacement(
        id=new_id(),
        case_id=case.id,
        participant_id=participant.id,
        person_id=person_id,
        from_on=clock.today(),
        until_on=until_on,
        recorded_by=recorded_by,
    )
    db.session.add(replacement)
    touch(case)
    return replacement


def end_replacement(case: Case, replacement: Replacement) -> None:
    """End a replacement at once."""
    replacement.ended_on = clock.today()
    touch(case)


def take_step(case: Case, target: CaseState, *, in_force: bool) -> None:
    """Move a case to another state; raises StepNotAllowedError when there is no such step.

    The needs of the step (cases.rules.Need) are checked by the caller, who knows the facts.
    """
    step = find_step(CaseState(case.state), target, in_force=in_force)
    if step is None:
        raise StepNotAllowedError
    today = clock.today()
    case.state = target
    if target is CaseState.DECIDED:
        case.review_due_on = next_review(today)
    if target in ENDED:
        case.closed_on = today
    touch(case)


def name_aftercare(case: Case, organisation_id: bytes, partner: str, until_on: date) -> None:
    """Name the one partner that keeps contact after the approach, and until when (AFTERCARE).

    A partner is an organisation with a partner code: another table of it gets nothing by this.
    """
    case.aftercare_organisation_id = organisation_id
    case.aftercare_partner = partner
    case.aftercare_until = until_on
    touch(case)


def record_informed(case: Case, informed_on: date) -> None:
    """Record the day on which the youth was informed (AVG 13, 14; R-30)."""
    case.informed_on = informed_on
    touch(case)


def record_delay(case: Case, reason: str, until: date, approved_by: bytes) -> None:
    """Record why and until when informing is put off, approved by the privacy officer (R-30)."""
    case.delay_reason = reason
    case.delay_until = until
    case.delay_approved_by = approved_by
    touch(case)


def record_review(case: Case) -> None:
    """Record that necessity was looked at again today (R-34)."""
    case.review_due_on = next_review(clock.today())
    touch(case)


def restrict(case: Case) -> None:
    """Restrict a case until an objection is decided (AVG 18, 21; R-33)."""
    case.restricted_on = clock.today()
    touch(case)


def lift_restriction(case: Case) -> None:
    """End the restriction of a case after the objection was decided (R-33)."""
    case.restricted_on = None
    touch(case)


@dataclass(frozen=True, slots=True)
class NewWork:
    """A waiting task: for a person, or for an organisation (and partner code)."""

    kind: WorkKind
    person_id: bytes | None = None
    organisation_id: bytes | None = None
    partner: str | None = None
    about_id: bytes | None = None
    category: str | None = None
    due_at: datetime | None = None


def add_work(case_id: bytes, new: NewWork) -> WorkTask:
    """Let something wait for a person or an organisation."""
    task = WorkTask(
        id=new_id(),
        case_id=case_id,
        kind=new.kind,
        person_id=new.person_id,
        organisation_id=new.organisation_id,
        partner=new.partner,
        about_id=new.about_id,
        category=new.category,
        due_at=new.due_at,
        created_at=clock.now(),
    )
    db.session.add(task)
    return task


def finish_work(task: WorkTask, person_id: bytes | None) -> None:
    """Mark a waiting task as done, by nobody where its case ended by itself."""
    task.done_at = clock.now()
    task.done_by = person_id
