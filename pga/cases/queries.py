"""Reads of the cases room: skeletons, participants and tasks; a fixed number of queries each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import BindParameter, Date, Select, and_, bindparam, or_, select, tuple_

from config.database import IdColumn, db
from pga.cases.models import Case, Participant, Replacement, WorkTask
from pga.cases.rules import CaseState, WorkKind

# Statements are made once: building one costs more than running it on a small table.
_CASE_IDS: BindParameter[bytes] = bindparam("case_ids", expanding=True)
_CASES = select(Case).where(Case.id.in_(_CASE_IDS)).execution_options(populate_existing=True)
_PARTICIPANTS = (
    select(Participant)
    .where(Participant.case_id.in_(_CASE_IDS))
    .order_by(Participant.from_on, Participant.id)
    .execution_options(populate_existing=True)
)
_REPLACEMENTS = (
    select(Replacement)
    .where(Replacement.case_id.in_(_CASE_IDS))
    .execution_options(populate_existing=True)
)


def _running_for() -> Select[bytes]:
    """Select the cases in which a person is participant or replacement on a day (R-04)."""
    person_id, today = bindparam("person_id", type_=IdColumn), bindparam("today", type_=Date)
    own = select(Participant.case_id).where(
        Participant.person_id == person_id,
        Participant.from_on <= today,
        Participant.until_on >= today,
        or_(Participant.ended_on.is_(None), Participant.ended_on > today),
    )
    instead = (
        select(Replacement.case_id)
        .join(Participant, Participant.id == Replacement.participant_id)
        .where(
            Replacement.person_id == person_id,
            Replacement.from_on <= today,
            Replacement.until_on >= today,
            or_(Replacement.ended_on.is_(None), Replacement.ended_on > today),
            or_(Participant.ended_on.is_(None), Participant.ended_on > today),
        )
    )
    return select(own.union(instead).subquery().c.case_id)


_OWN_CASES = (
    select(Case).where(Case.id.in_(_running_for())).order_by(Case.opened_at.desc(), Case.id)
)
_OWN_CASE_IDS = _OWN_CASES.with_only_columns(Case.id)
_PLACES: BindParameter[tuple[bytes, str]] = bindparam("places", expanding=True)
_ORGANISATIONS: BindParameter[bytes] = bindparam("organisation_ids", expanding=True)
WAITS = and_(
    WorkTask.done_at.is_(None),
    or_(
        WorkTask.person_id == bindparam("person_id", type_=IdColumn),
        and_(
            WorkTask.person_id.is_(None),
            or_(
                and_(WorkTask.partner.is_(None), WorkTask.organisation_id.in_(_ORGANISATIONS)),
                tuple_(WorkTask.organisation_id, WorkTask.partner).in_(_PLACES),
            ),
        ),
    ),
)
"""Which tasks wait for whom `waits_for` names."""
_OPEN_WORK = (
    select(WorkTask)
    .where(WorkTask.case_id.in_(_CASE_IDS), WAITS)
    .order_by(WorkTask.due_at, WorkTask.created_at)
)


def cases_by_id(case_ids: Collection[bytes]) -> dict[bytes, Case]:
    """Read the skeletons of these cases."""
    rows = db.session.scalars(_CASES, {"case_ids": list(case_ids)})
    return {row.id: row for row in rows}


def participants_of(case_ids: Collection[bytes]) -> Mapping[bytes, list[Participant]]:
    """Read every participant of these cases, running or ended, oldest first."""
    found: dict[bytes, list[Participant]] = defaultdict(list)
    for row in db.session.scalars(_PARTICIPANTS, {"case_ids": list(case_ids)}):
        found[row.case_id].append(row)
    return found


def replacements_of(case_ids: Collection[bytes]) -> Mapping[bytes, list[Replacement]]:
    """Read every recorded replacement in these cases."""
    found: dict[bytes, list[Replacement]] = defaultdict(list)
    for row in db.session.scalars(_REPLACEMENTS, {"case_ids": list(case_ids)}):
        found[row.case_id].append(row)
    return found


def cases_of_person(person_id: bytes, today: date) -> Sequence[Case]:
    """Read the cases in which a person has a running task, newest first."""
    return db.session.scalars(_OWN_CASES, {"person_id": person_id, "today": today}).all()


def case_ids_of_person(person_id: bytes, today: date) -> Sequence[bytes]:
    """Read the ids of the cases in which a person has a running task, newest case first."""
    return db.session.scalars(_OWN_CASE_IDS, {"person_id": person_id, "today": today}).all()


def waits_for(person_id: bytes, places: Collection[tuple[bytes, str]]) -> dict[str, object]:
    """Name a person and the places the person works, as `WAITS` asks."""
    return {
        "person_id": person_id,
        "places": list(places),
        "organisation_ids": [organisation_id for organisation_id, _ in places],
    }


def open_work(
    person_id: bytes, places: Collection[tuple[bytes, str]], case_ids: Collection[bytes]
) -> Sequence[WorkTask]:
    """Read what waits for a person, or for one of the places the person works, in these cases.

    A place is an organisation with a partner code. Tasks of other cases are never read.
    """
    asked = {"case_ids": list(case_ids), **waits_for(person_id, places)}
    return db.session.scalars(_OPEN_WORK, asked).all()


def waiting_for_person(person_id: bytes, kinds: Collection[WorkKind]) -> Sequence[WorkTask]:
    """Read what waits of these kinds for a person by name, in whichever case, oldest first."""
    return db.session.scalars(
        select(WorkTask)
        .where(
            WorkTask.person_id == person_id, WorkTask.kind.in_(kinds), WorkTask.done_at.is_(None)
        )
        .order_by(WorkTask.created_at, WorkTask.id)
    ).all()


def waiting_of_kind(case_id: bytes, kind: WorkKind) -> Sequence[WorkTask]:
    """Read what still waits of one kind in a case, for whomever."""
    return db.session.scalars(
        select(WorkTask).where(
            WorkTask.case_id == case_id, WorkTask.kind == kind, WorkTask.done_at.is_(None)
        )
    ).all()


def waiting_about(about_id: bytes) -> Sequence[WorkTask]:
    """Read what still waits about one thing, for whomever."""
    return db.session.scalars(
        select(WorkTask).where(WorkTask.about_id == about_id, WorkTask.done_at.is_(None))
    ).all()


def with_work_about(kind: WorkKind, about_ids: Collection[bytes]) -> set[bytes]:
    """Tell about which of these ids there is or was a task of a kind, done or not."""
    found = db.session.scalars(
        select(WorkTask.about_id).where(WorkTask.kind == kind, WorkTask.about_id.in_(about_ids))
    )
    return {about_id for about_id in found if about_id is not None}


def work_task(task_id: bytes) -> WorkTask | None:
    """Read one waiting task."""
    return db.session.get(WorkTask, task_id)


def cases_of_subject(subject_id: bytes) -> Sequence[Case]:
    """Read every case of one youth."""
    return db.session.scalars(
        select(Case).where(Case.subject_id == subject_id).order_by(Case.opened_at)
    ).all()


def with_aftercare_over(today: date) -> Sequence[tuple[bytes, bytes]]:
    """List the cases whose aftercare ended before a day and that are still open, with the youth."""
    rows = db.session.execute(
        select(Case.id, Case.subject_id)
        .where(Case.state == CaseState.AFTERCARE, Case.aftercare_until < today)
        .order_by(Case.id)
    )
    return [(case_id, subject_id) for case_id, subject_id in rows]


def ended_cases(municipality: str) -> Sequence[Case]:
    """Read the cases of a municipality that have ended, the one that ended first on top."""
    return db.session.scalars(
        select(Case)
        .where(Case.municipality == municipality, Case.closed_on.is_not(None))
        .order_by(Case.closed_on, Case.number)
    ).all()


def case_by_number(number: str) -> Case | None:
    """Read a case by the number people use; None when there is none."""
    return db.session.scalar(select(Case).where(Case.number == number))


def number_is_taken(number: str) -> bool:
    """Tell whether a case already has this number."""
    return db.session.scalar(select(Case.id).where(Case.number == number)) is not None
