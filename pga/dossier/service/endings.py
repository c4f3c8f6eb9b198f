"""What waits in a case when it ends: most of it no longer, informing where it is still due."""

from config import clock
from pga.agreements.models import Agreement
from pga.agreements.queries import table_of
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.models import Case
from pga.cases.rules import INFORM_WITHIN_DAYS, CaseState, Step, WorkKind
from pga.dossier.rules import AFTER_THE_END, is_gone_before_informing
from pga.policy.terms import RetentionObject


def end_work(case: Case, agreement: Agreement, step: Step, by: bytes | None) -> None:
    """Finish what only waited for a running case; informing waits on where it is still due.

    A signal that is redirected is told to another table, so the youth must know of it at the
    latest now (AVG 14(3)(c)), but for a delay that was recorded.
    """
    today = clock.today()
    for kind in WorkKind:
        if kind in AFTER_THE_END and not (
            kind is WorkKind.INFORM_YOUTH and _leaves_nothing_to_inform(case, agreement, step)
        ):
            continue
        for task in case_rows.waiting_of_kind(case.id, kind):
            cases.finish_work(task, by)
    is_delayed = case.delay_until is not None and case.delay_until >= today
    if step.target is CaseState.REDIRECTED and not is_delayed:
        for task in case_rows.waiting_of_kind(case.id, WorkKind.INFORM_YOUTH):
            task.due_at = clock.end_of(today)


def _leaves_nothing_to_inform(case: Case, agreement: Agreement, step: Step) -> bool:
    """Tell whether a case ends with nothing left to tell the youth about (R-30).

    Only a signal that was turned away at once can: nobody but its process lead read it, and its
    own term of keeping may end before the month to inform does.
    """
    if (step.source, step.target) != (CaseState.SIGNAL, CaseState.REJECTED):
        return False
    kept = {term.object: term.term.days for term in table_of(agreement).retention}
    opened_on = clock.local_day(case.opened_at)
    kept_days = kept.get(RetentionObject.SIGNAL_NOT_ADMITTED, INFORM_WITHIN_DAYS)
    return is_gone_before_informing(opened_on, clock.today(), kept_days)
