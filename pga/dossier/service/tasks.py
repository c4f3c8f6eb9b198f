"""Waiting tasks: see one's own in a case and finish it, and be told of what one once read.

Who read something and has no seat in its case any more is still told not to use it (AVG 19).
"""

from collections.abc import Collection
from dataclasses import dataclass

from audit import gate
from audit.entries import Action, Actor, Entry, Explanation, Kind, Outcome
from auth import queries as people
from config.errors import ConflictError, NotFoundError
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.models import Case, WorkTask
from pga.cases.rules import WorkKind
from pga.dossier.rules import TO_READERS
from pga.records import service as records
from pga.sharing.service.changes import Act, Desk, write
from pga.sharing.service.judge import judge
from pga.sharing.service.seats import Viewer
from pga.sharing.service.veil import Veil


def own_task(desk: Desk, task_id: bytes) -> WorkTask:
    """Find a task that waits for this seat; raises NotFoundError for any other."""
    task = case_rows.work_task(task_id)
    if task is None or task.case_id != desk.facts.case.id or not _is_for(desk, task):
        raise NotFoundError
    return task


def finish(desk: Desk, task_id: bytes) -> None:
    """Mark a task as done; possible too after the agreement ended.

    Raises ConflictError when a colleague did it already.
    """
    task = own_task(desk, task_id)
    if task.done_at is not None:
        raise ConflictError

    def then() -> None:
        cases.finish_work(task, desk.viewer.person_id)

    write(desk, Act(Action.UPDATE, facts={"change": "task-done", "kind": task.kind}), (), then)


def asker(desk: Desk, task: WorkTask) -> str:
    """Name who put a question, unless the viewer may not know that person takes part (R-29)."""
    if task.kind != WorkKind.QUESTION or task.about_id is None:
        return ""
    veil = Veil.of(desk.facts, desk.seat, judge(desk.facts, desk.seat, desk.today), desk.today)
    known = veil.participants(desk.facts.participants, desk.viewer.person_id)
    if all(p.person_id != task.about_id for p in known):
        return ""
    person = people.people_by_id([task.about_id]).get(task.about_id)
    return person.name if person else ""


def _is_for(desk: Desk, task: WorkTask) -> bool:
    """Tell whether a task waits for the person, the replaced person, or the viewer's place."""
    if task.person_id is not None:
        return task.person_id.hex() in desk.seat.named_persons
    return task.organisation_id == desk.seat.organisation_id and task.partner in {
        None,
        desk.seat.partner,
    }


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader is told of a case without a seat in it: its number, the kind, the category."""

    case: Case
    task: WorkTask


def notices(viewer: Viewer, shown: Collection[bytes]) -> list[Notice]:
    """List what a viewer is told of cases other than the ones shown; one entry per case."""
    waiting = [
        task
        for task in case_rows.waiting_for_person(viewer.person_id, TO_READERS)
        if task.case_id not in shown
    ]
    known = case_rows.cases_by_id({task.case_id for task in waiting})
    told = [Notice(known[task.case_id], task) for task in waiting]
    first = {notice.case.id: notice for notice in reversed(told)}
    gate.record_many(
        [_entry(viewer, notice, Action.CONSULT, Kind.LISTED) for _, notice in sorted(first.items())]
    )
    return told


def finish_notice(viewer: Viewer, task_id: bytes) -> None:
    """Mark as read what a viewer was told; raises NotFoundError for what waits for others."""
    task = next(
        (t for t in case_rows.waiting_for_person(viewer.person_id, TO_READERS) if t.id == task_id),
        None,
    )
    if task is None:
        raise NotFoundError
    case = case_rows.cases_by_id([task.case_id])[task.case_id]

    def then() -> None:
        cases.finish_work(task, viewer.person_id)

    entry = _entry(viewer, Notice(case, task), Action.UPDATE, None)
    records.write(entry, case.id, (), then)


def _entry(viewer: Viewer, notice: Notice, action: Action, kind: Kind | None) -> Entry:
    """Describe for the log that a reader was told; the task says for which organisation."""
    task, case = notice.task, notice.case
    return Entry(
        action=action,
        kind=kind,
        actor=Actor(
            person=viewer.person_id.hex(),
            organisation=task.organisation_id.hex() if task.organisation_id else "",
            partner=task.partner or "",
            role="",
            session=viewer.session,
            auth_level=viewer.auth_level,
        ),
        object=case.id.hex(),
        case_id=case.id.hex(),
        subjects=(case.subject_id.hex(),),
        outcome=Outcome.NA,
        explained_by=Explanation("task", task.id.hex()),
        facts={"change": "notice", "kind": task.kind},
    )
