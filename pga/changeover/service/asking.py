"""After a party left: asking the leads of its cases to look for somebody else.

Only who named somebody of the party is asked, or where help is not secret the case manager. A task
that reached anybody else would tell that the party took part (R-29).
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence

from audit.entries import Action, Entry
from config import clock
from config.database import transaction
from config.errors import NotFoundError
from pga.cases import queries as cases
from pga.cases import service as case_service
from pga.cases.models import Case, Participant
from pga.cases.rules import ParticipantTask, WorkKind, is_running
from pga.changeover import queries
from pga.changeover.queries import Seated, Whose
from pga.changeover.rules import is_secret_help
from pga.changeover.service.moving import WORKER
from pga.records import service as records
from pga.records.errors import CaseFaultError

AT_ONCE = 50
PER_ROUND = 500
LEADS = frozenset({"GPR", "GCR"})

log = logging.getLogger(__name__)


def ask_everywhere() -> None:
    """Go on asking after every party that left, so many cases at a time; for the worker."""
    for departure_id in queries.departures_to_ask_for():
        ask_for_others(departure_id, PER_ROUND)


def ask_for_others(departure_id: bytes, most: int = AT_ONCE) -> None:
    """Let the leads of a party's cases look for others, in at most so many cases.

    One entry per case. A case that does not match the log, or is gone, is left for its operator.
    """
    departure = queries.departure(departure_id)
    if departure is None:
        return
    whose = Whose(
        departure.municipality, departure.track, departure.organisation_id, departure.partner
    )
    to_ask = list(_whom_to_ask(whose).items())
    for case, asked in to_ask[:most]:
        try:
            _ask(*case, asked)
        except (CaseFaultError, NotFoundError):
            log.exception("nobody is asked in a faulty case", extra={"event": "asking-waits"})
    if len(to_ask) <= most:
        with transaction():
            departure.asked_at = clock.now()


def _whom_to_ask(whose: Whose) -> Mapping[tuple[bytes, bytes], list[tuple[Seated, bytes]]]:
    """Tell per case and youth whom to ask about which task; a case with nobody to ask falls out."""
    today = clock.today()
    rows = queries.seated(whose, today)
    ids = {row.case_id for row in rows}
    skeletons, people = cases.cases_by_id(ids), cases.participants_of(ids)
    found: dict[tuple[bytes, bytes], list[tuple[Seated, bytes]]] = defaultdict(list)
    for row in rows:
        running = [
            one
            for one in people[row.case_id]
            if is_running(one.from_on, one.until_on, one.ended_on, today) and one.partner in LEADS
        ]
        person_id = _lead_for(row, running, is_secret=is_secret_help(whose.partner))
        if person_id is not None:
            case: Case = skeletons[row.case_id]
            found[case.id, case.subject_id].append((row, person_id))
    return found


def _lead_for(row: Seated, leads: Sequence[Participant], *, is_secret: bool) -> bytes | None:
    """Choose whom to ask: who named the person, else the case manager where help is no secret."""
    if any(one.person_id == row.added_by for one in leads):
        return row.added_by
    if is_secret:
        return None
    managers = [one for one in leads if one.task == ParticipantTask.CASE_MANAGEMENT]
    return next((one.person_id for one in [*managers, *leads]), None)


def _ask(case_id: bytes, subject_id: bytes, asked: Sequence[tuple[Seated, bytes]]) -> None:
    """Write the tasks of one case; the entry does not say whom they are about."""

    def then() -> None:
        for row, person_id in asked:
            case_service.add_work(
                case_id,
                case_service.NewWork(
                    WorkKind.REPLACE_PARTICIPANT,
                    person_id=person_id,
                    about_id=row.participant_id,
                ),
            )

    records.write(
        Entry(
            action=Action.CREATE,
            actor=WORKER,
            object=case_id.hex(),
            case_id=case_id.hex(),
            subjects=(subject_id.hex(),),
            facts={"change": "party-left", "tasks": len(asked)},
        ),
        case_id,
        (),
        then,
    )
