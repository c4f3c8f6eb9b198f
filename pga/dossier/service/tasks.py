"""Waiting tasks of a case: see one's own, and finish it."""

from audit.entries import Action
from auth import queries as people
from config.errors import ConflictError, NotFoundError
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.models import WorkTask
from pga.cases.rules import WorkKind
from pga.sharing.service.changes import Act, Desk, write
from pga.sharing.service.judge import judge
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
