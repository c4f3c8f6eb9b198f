"""Who looks, and with which seat: a named participant or a recorded replacement (R-04)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit.entries import ID_HEX, Actor
from auth import queries as people
from config.errors import SignInRequiredError
from config.ids import from_hex
from pga.cases.models import Participant
from pga.cases.rules import ENDED, CaseState, is_running
from pga.sharing.queries import CaseFacts

PROCESS_LEAD = "GPR"


@dataclass(frozen=True, slots=True)
class Place:
    """A live membership: where a person works, for which municipality, as which partner."""

    membership_id: bytes
    organisation_id: bytes
    municipality: str
    partner: str
    role: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person with all places this person works in at this moment."""

    person_id: bytes
    session: str
    auth_level: str
    places: tuple[Place, ...]


def anew(viewer: Viewer, today: date) -> Viewer:
    """Read again what a viewer holds, after a decision was overtaken.

    A role that ended meanwhile gives no place any more. Raises SignInRequiredError when the login
    session itself has ended.
    """
    if len(viewer.session) == ID_HEX and people.has_session_ended(from_hex(viewer.session)):
        raise SignInRequiredError
    live = {one.id for one in people.live_memberships(viewer.person_id, today)}
    return replace(viewer, places=tuple(p for p in viewer.places if p.membership_id in live))


@dataclass(frozen=True, slots=True)
class Seat:
    """The seat of a viewer in one case; the purpose follows from the task, nobody types one.

    `also` are the purposes of further namings of the same person at the same place.
    """

    person_id: bytes
    place: Place
    participant_id: bytes
    task: str
    purpose: str
    until_on: date
    stands_for: bytes | None
    also: tuple[str, ...] = ()

    @property
    def organisation_id(self) -> bytes:
        """Tell for which organisation the viewer sits here."""
        return self.place.organisation_id

    @property
    def partner(self) -> str:
        """Tell as which kind of partner the viewer sits here."""
        return self.place.partner

    @property
    def purposes(self) -> tuple[str, ...]:
        """List every purpose the viewer was named for, that of the oldest naming first."""
        return self.purpose, *self.also

    @property
    def named_persons(self) -> frozenset[str]:
        """Tell the persons, in hex, whose naming as recipient counts for this viewer."""
        persons = {self.person_id.hex()}
        if self.stands_for is not None:
            persons.add(self.stands_for.hex())
        return frozenset(persons)

    def owns(self, organisation_id: bytes, partner: str) -> bool:
        """Tell whether an item of this owner is the viewer's own: organisation and partner code.

        A municipality is one organisation with several tables: the process lead does not own what
        its youth care wrote.
        """
        return organisation_id == self.organisation_id and partner == self.partner


def find_seat(facts: CaseFacts, viewer: Viewer, today: date) -> Seat | None:
    """Find the seat of a viewer in a case, or None: then this person learns nothing of it (R-04).

    A seat needs a running task or replacement *and* a live membership of the same organisation,
    partner code and municipality, so that losing the role ends the access at the next request.
    When a case has ended it is there only for its process lead and for who owns something in it.
    """
    running = {
        p.id: p
        for p in facts.participants
        if is_running(p.from_on, p.until_on, p.ended_on, today) and _is_visible(facts, p)
    }
    own = [p for p in running.values() if p.person_id == viewer.person_id]
    found = [_seat(facts, viewer, participant, participant.until_on, None) for participant in own]
    for replacement in facts.replacements:
        replaced = running.get(replacement.participant_id)
        if (
            replaced is not None
            and replacement.person_id == viewer.person_id
            and is_running(replacement.from_on, replacement.until_on, replacement.ended_on, today)
        ):
            until_on = min(replacement.until_on, replaced.until_on)
            found.append(_seat(facts, viewer, replaced, until_on, replaced.person_id))
    return _together([seat for seat in found if seat is not None])


def _together(found: Sequence[Seat]) -> Seat | None:
    """Give the first seat, with the purposes of others of the same person at the same place.

    Each naming counts from the day it was made, whoever made it (R-04).
    """
    if not found:
        return None
    first = found[0]
    also = dict.fromkeys(
        seat.purpose
        for seat in found
        if (seat.place, seat.stands_for) == (first.place, first.stands_for)
        and seat.purpose != first.purpose
    )
    return replace(first, also=tuple(also)) if also else first


def _is_visible(facts: CaseFacts, participant: Participant) -> bool:
    """Tell whether a case is still there for a participant's place: running, or with own items."""
    return (
        CaseState(facts.case.state) not in ENDED
        or participant.partner == PROCESS_LEAD
        or any(
            (item.owner_organisation_id, item.owner_partner)
            == (participant.organisation_id, participant.partner)
            for item in facts.items
        )
    )


def _place(facts: CaseFacts, viewer: Viewer, participant: Participant) -> Place | None:
    """Find the live membership that carries a task in this case."""
    return next(
        (
            place
            for place in viewer.places
            if place.organisation_id == participant.organisation_id
            and place.partner == participant.partner
            and place.municipality == facts.case.municipality
        ),
        None,
    )


def _seat(
    facts: CaseFacts,
    viewer: Viewer,
    participant: Participant,
    until_on: date,
    stands_for: bytes | None,
) -> Seat | None:
    """Put the facts of a seat together; None without a membership that carries it."""
    place = _place(facts, viewer, participant)
    if place is None:
        return None
    return Seat(
        person_id=viewer.person_id,
        place=place,
        participant_id=participant.id,
        task=participant.task,
        purpose=participant.purpose,
        until_on=until_on,
        stands_for=stands_for,
    )


def actor_of(viewer: Viewer, seat: Seat | None) -> Actor:
    """Say who acts, for the log; without a seat only the person is known."""
    return Actor(
        person=viewer.person_id.hex(),
        organisation=seat.organisation_id.hex() if seat else "",
        partner=seat.partner if seat else "",
        role=seat.place.role if seat else "",
        session=viewer.session,
        auth_level=viewer.auth_level,
        on_behalf_of=seat.stands_for.hex() if seat and seat.stands_for else None,
    )
