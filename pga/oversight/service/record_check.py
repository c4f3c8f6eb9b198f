"""The check of all stored records: every night by the worker, and when an officer asks.

It notices what nobody opened yet: a changed column, a row that was taken away, a key that does
not open. It decrypts keys alone, never content. What was found is kept for the officers.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from audit import readers as log
from config import clock
from config.database import db, transaction
from config.errors import IntegrityFaultError
from pga.oversight import queries
from pga.oversight.models import RecordCheck
from pga.oversight.queries import CaseName
from pga.oversight.rules import night_before
from pga.oversight.service.agreement_check import AGREEMENT, LIMITS, check_agreements
from pga.oversight.service.bench import Bench
from pga.oversight.service.role_check import DECISION, ROLE, check_roles
from pga.records.service.checking import check_everything

MOST_KEPT = 200
RULES = frozenset({AGREEMENT, LIMITS, ROLE, DECISION})

_log = logging.getLogger(__name__)


def check_nightly() -> None:
    """Check all records when that was not done since last night; for the worker.

    And when somebody came upon something since that is not as it was written: then the officers
    are told now, and of everything that is wrong.
    """
    last = queries.last_record_check()
    since = night_before(clock.now().astimezone(clock.AMSTERDAM))
    if last is None or last.at < since or (not last.problems and _was_noticed(last.at)):
        check_now()


def _was_noticed(since: datetime) -> bool:
    """Tell whether opening something failed on its seal since an instant."""
    return log.was_stopped(IntegrityFaultError.code, since)


def check_now() -> RecordCheck:
    """Check all records and keep what was found; an alarm goes to the technical log."""
    found = check_everything()
    problems = [*check_agreements(), *check_roles(), *found.problems]
    if problems:
        _log.critical("stored records are not as written", extra={"event": "records-tampered"})
    row = RecordCheck(
        at=clock.now(),
        cases=found.cases,
        keys=found.keys,
        problems=len(problems),
        first_problems=problems[:MOST_KEPT],
    )
    with transaction():
        db.session.add(row)
    return row


def faulty_rules(found: RecordCheck) -> list[str]:
    """Name each problem with what holds for more than one case: of these any officer may know."""
    kinds = (problem.partition(": ")[0] for problem in found.first_problems)
    return [kind for kind in kinds if kind in RULES]


def faulty_cases(found: RecordCheck, benches: Iterable[Bench]) -> list[tuple[CaseName, str]]:
    """Pick the problems with cases these benches oversee, each with the check that noticed it."""
    known = {one: case for bench in benches for one, case in bench.cases.items()}
    told = (problem.rpartition(": ")[::2] for problem in found.first_problems)
    return [(known[owner], check) for check, owner in told if owner in known]
