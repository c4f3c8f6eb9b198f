"""Aftercare: one named partner keeps contact for a short while, and reads no more than it needs.

Naming it makes it recipient of D01, D15 and D16 (AFTERCARE); everybody else keeps their own items.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from auth import queries as accounts
from auth.models import Membership
from config.errors import InvalidInputError
from pga.cases import service as cases
from pga.cases.models import Participant
from pga.cases.rules import ParticipantTask, is_running
from pga.dossier.service import people
from pga.policy.codes import Track
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
    cases.name_aftercare(case, new.organisation_id, new.until_on)
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
