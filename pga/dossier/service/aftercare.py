"""Aftercare: one named partner keeps contact for a short while, and reads no more than it needs.

Naming it makes it recipient of D01, D15 and D16 (AFTERCARE); everybody else keeps their own items.
The day after its last day the case closes itself.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from audit.entries import Action, Actor, Entry
from auth import queries as accounts
from auth.models import Membership
from config import clock
from config.errors import ConflictError, InvalidInputError
from pga.agreements import queries as agreements
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.models import Participant
from pga.cases.rules import PHASE_OF, STEPS, CaseState, ParticipantTask, is_running
from pga.dossier.rules import StepReason
from pga.dossier.service import people
from pga.dossier.service.endings import end_work
from pga.policy.codes import Track
from pga.records import service as records
from pga.records.errors import CaseFaultError
from pga.sharing.service.changes import Desk

LONGEST_AFTERCARE_DAYS = 183
# The municipality keeps its own cells in aftercare, so naming one of its tables would add nothing.
MUNICIPAL = frozenset({"BUR", "GCR", "GPR"})


@dataclass(frozen=True, slots=True)
class Aftercare:
    """Who keeps contact after the approach, for which partner, until when (nazorg)."""

    person_id: bytes
    organisation_id: bytes
    partner: str
    until_on: date


WORKER = Actor(person="", organisation="", partner="", role="worker", session="", auth_level="")

THE_END = next(
    step for step in STEPS if (step.source, step.target) == (CaseState.AFTERCARE, CaseState.CLOSED)
)

log = logging.getLogger(__name__)


def close_what_is_over() -> None:
    """Close every case whose aftercare ended before today; for the worker.

    One entry per case. A case that does not match the log is left for its operator, and one that
    somebody changes at the same moment for the next round.
    """
    today = clock.today()
    for case_id, subject_id in case_rows.with_aftercare_over(today):
        try:
            _close(case_id, subject_id)
        except CaseFaultError:
            log.exception("a faulty case is not closed", extra={"event": "aftercare-waits"})
        except ConflictError:
            log.warning("a case changed while it was closed", extra={"event": "aftercare-waits"})


def _close(case_id: bytes, subject_id: bytes) -> None:
    """Close one case; raises ConflictError when it is no longer in aftercare that is over."""

    def then() -> None:
        case = case_rows.cases_by_id([case_id])[case_id]
        is_over = case.aftercare_until is not None and case.aftercare_until < clock.today()
        if case.state != CaseState.AFTERCARE or not is_over:
            raise ConflictError
        agreement = agreements.agreements_by_id([case.agreement_id])[case.agreement_id]
        cases.take_step(case, CaseState.CLOSED, in_force=True)
        end_work(case, agreement, THE_END, None)

    entry = Entry(
        action=Action.TRANSITION,
        actor=WORKER,
        object=case_id.hex(),
        case_id=case_id.hex(),
        subjects=(subject_id.hex(),),
        reason=StepReason.AFTERCARE_ENDED,
        facts={
            "from": CaseState.AFTERCARE,
            "to": CaseState.CLOSED,
            "phase": PHASE_OF[CaseState.CLOSED],
        },
    )
    records.write(entry, case_id, (), then)


def has_aftercare(track: str) -> bool:
    """Tell whether a track has aftercare; the money-mule track ends after its follow-up."""
    return track == Track.YOUTH


def choices(desk: Desk) -> list[Membership]:
    """List who may keep contact: people of the parties, whether or not they take part (R-29)."""
    everyone = accounts.people_of_municipality(desk.facts.case.municipality, desk.today)
    return [
        one
        for one in everyone
        if one.partner not in MUNICIPAL and (one.organisation_id, one.partner) in desk.facts.signed
    ]


def checked(desk: Desk, new: Aftercare | None) -> Aftercare:
    """Give aftercare that has a partner and an end; raises InvalidInputError for any other."""
    if new is None:
        raise InvalidInputError({"person": ["Choose who keeps contact."]})
    problems: dict[str, list[str]] = {}
    if not 0 < (new.until_on - desk.today).days <= LONGEST_AFTERCARE_DAYS:
        problems["until_on"] = ["Choose a day within six months from now."]
    chosen = (new.person_id, new.organisation_id, new.partner)
    if chosen not in {(c.person_id, c.organisation_id, c.partner) for c in choices(desk)}:
        problems["person"] = ["Choose who keeps contact."]
    if problems:
        raise InvalidInputError(problems)
    return new


def begin(desk: Desk, new: Aftercare) -> None:
    """Name the partner, and its person with the task of aftercare in place of an earlier one.

    An earlier task that the viewer may not know of runs on until its own end (R-29).
    """
    case = desk.facts.case
    cases.name_aftercare(case, new.organisation_id, new.partner, new.until_on)
    for participant in _earlier(desk, new):
        cases.end_participant(case, participant)
    cases.add_participant(
        case,
        cases.NewParticipant(
            person_id=new.person_id,
            organisation_id=new.organisation_id,
            partner=new.partner,
            task=ParticipantTask.AFTERCARE,
            until_on=new.until_on,
        ),
        desk.viewer.person_id,
    )


def _earlier(desk: Desk, new: Aftercare) -> Iterable[Participant]:
    """List the running tasks of this person that the viewer may know of."""
    return [
        p
        for p in people.known_participants(desk)
        if (p.person_id, p.partner) == (new.person_id, new.partner)
        and is_running(p.from_on, p.until_on, p.ended_on, desk.today)
    ]
