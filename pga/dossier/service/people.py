"""People of a case: name a participant, end a task, record who stands in (R-04).

Somebody may be named more than once, by people who may not know of each other's naming. Each
naming is a participant of its own, with its own task and end (R-29).
"""

from dataclasses import dataclass
from datetime import date

from audit.entries import Action
from auth import queries as people
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from pga.cases import service as cases
from pga.cases.models import Participant, Replacement
from pga.cases.rules import ParticipantTask, is_running
from pga.records.service import drafts
from pga.sharing.service.changes import Act, Desk, require_exchange, write
from pga.sharing.service.judge import judge, signed_places
from pga.sharing.service.veil import Veil

LEADS = frozenset({"GPR", "GCR"})
LONGEST_TASK_DAYS = 366
ALREADY_NAMED = (
    "This person already takes part in the case. To name this person for something else, end that "
    "task first."
)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Whom to name, as which partner of which organisation, for which task, until when."""

    person_id: bytes
    organisation_id: bytes
    partner: str
    task: ParticipantTask
    until_on: date
    purpose: str | None = None


def name_participant(desk: Desk, new: NewPerson) -> None:
    """Name somebody in a case; only the leads may, and only who works for a party (R-01, R-04).

    Somebody of the own organisation may be named by anyone at the table. Raises ForbiddenError,
    and InvalidInputError for who does not work there or takes part as far as the viewer may know:
    to a viewer who may not know it, the answer is that to somebody who takes part in nothing.
    """
    require_exchange(desk)
    is_own = desk.seat.owns(new.organisation_id, new.partner)
    if desk.seat.partner not in LEADS and not is_own:
        raise ForbiddenError
    problems: dict[str, list[str]] = {}
    if not desk.today <= new.until_on or (new.until_on - desk.today).days > LONGEST_TASK_DAYS:
        problems["until_on"] = ["Choose a day within a year from now."]
    if (new.organisation_id, new.partner) not in signed_places(desk.facts):
        problems["person"] = ["This organisation has not signed the agreement."]
    elif not _works_there(desk, new.person_id, new.organisation_id, new.partner):
        problems["person"] = ["This person does not work there for this municipality."]
    elif any(
        p.person_id == new.person_id
        and p.partner == new.partner
        and is_running(p.from_on, p.until_on, p.ended_on, desk.today)
        for p in known_participants(desk)
    ):
        problems["person"] = [ALREADY_NAMED]
    if problems:
        raise InvalidInputError(problems)

    def then() -> None:
        cases.add_participant(
            desk.facts.case,
            cases.NewParticipant(
                person_id=new.person_id,
                organisation_id=new.organisation_id,
                partner=new.partner,
                task=new.task,
                until_on=new.until_on,
                purpose=new.purpose,
            ),
            desk.viewer.person_id,
        )

    write(desk, _act("participant-added", new.person_id), (), then)


def end_task(desk: Desk, participant_id: bytes) -> None:
    """End the task of a participant; the very next request under it is refused (R-04).

    The leads may, and anyone for the own organisation, also after the agreement ended. Who was
    named by somebody else too keeps that seat, and the drafts.
    """
    participant = _participant(desk, participant_id)
    _may_manage(desk, participant)
    stays = any(
        p.person_id == participant.person_id
        and p.id != participant.id
        and is_running(p.from_on, p.until_on, p.ended_on, desk.today)
        for p in desk.facts.participants
    )

    def then() -> None:
        cases.end_participant(desk.facts.case, participant)

    write(desk, _act("participant-ended", participant.person_id), (), then)
    if not stays:
        drafts.delete_drafts(participant.person_id, desk.facts.case.id)


def stand_in(desk: Desk, participant_id: bytes, person_id: bytes, until_on: date) -> None:
    """Record who stands in for a participant until a day, from the same organisation (R-04)."""
    require_exchange(desk)
    participant = _participant(desk, participant_id)
    _may_manage(desk, participant)
    problems: dict[str, list[str]] = {}
    if not desk.today <= until_on <= participant.until_on:
        problems["until_on"] = ["Choose a day before the task of this participant ends."]
    if person_id == participant.person_id:
        problems["person"] = ["Nobody stands in for themselves."]
    elif not _works_there(desk, person_id, participant.organisation_id, participant.partner):
        problems["person"] = ["This person does not work there for this municipality."]
    if problems:
        raise InvalidInputError(problems)

    def then() -> None:
        cases.set_replacement(
            desk.facts.case, participant, person_id, until_on, desk.viewer.person_id
        )

    write(desk, _act("replacement-set", person_id), (), then)


def end_stand_in(desk: Desk, replacement_id: bytes) -> None:
    """End a replacement at once; one of somebody whom the viewer may not know is not there."""
    known = {p.id: p for p in known_participants(desk)}
    replacement: Replacement | None = next(
        (
            r
            for r in desk.facts.replacements
            if r.id == replacement_id and r.participant_id in known
        ),
        None,
    )
    if replacement is None:
        raise NotFoundError
    _may_manage(desk, known[replacement.participant_id])

    def then() -> None:
        cases.end_replacement(desk.facts.case, replacement)

    write(desk, _act("replacement-ended", replacement.person_id), (), then)


def known_participants(desk: Desk) -> list[Participant]:
    """List the participants whom the viewer may know (R-29)."""
    veil = Veil.of(desk.facts, desk.seat, judge(desk.facts, desk.seat, desk.today), desk.today)
    return veil.participants(desk.facts.participants, desk.viewer.person_id)


def _participant(desk: Desk, participant_id: bytes) -> Participant:
    """Find a participant of this case; raises NotFoundError for one whom the viewer may not know.

    So a hidden one and one that is not there get the same answer (R-29).
    """
    for participant in known_participants(desk):
        if participant.id == participant_id:
            return participant
    raise NotFoundError


def _may_manage(desk: Desk, participant: Participant) -> None:
    """Let the leads manage everybody they know of, and an organisation its own people.

    Raises ForbiddenError for whom the viewer sees at the table but did not bring.
    """
    if desk.seat.partner not in LEADS and not desk.seat.owns(
        participant.organisation_id, participant.partner
    ):
        raise ForbiddenError


def _works_there(desk: Desk, person_id: bytes, organisation_id: bytes, partner: str) -> bool:
    """Tell whether a person has a live membership for this place and municipality today."""
    return any(
        membership.organisation_id == organisation_id
        and membership.partner == partner
        and membership.municipality == desk.facts.case.municipality
        for membership in people.live_memberships(person_id, desk.today)
    )


def _act(what: str, person_id: bytes) -> Act:
    """Describe a change of people for the log."""
    return Act(Action.ROLE_CHANGE, facts={"change": what, "person": person_id.hex()})
