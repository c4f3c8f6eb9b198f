"""The entries auth writes in the log: every one before its act takes effect, none with a name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from audit import gate
from audit.entries import Action, Actor, Entry, Kind
from auth.models import LoginSession, Membership
from auth.rules import Seat, can_end, only_one
from config.ids import to_hex

ACCOUNT_CREATED = "account-created"
ROLE_GIVEN = "role-given"
ROLE_ENDED = "role-ended"
NOBODY = Actor(person="", organisation="", partner="", role="", session="", auth_level="")


@dataclass(frozen=True, slots=True)
class Authority:
    """In whose name accounts and roles change (bevoegdheid): a person, or the installation.

    Without a person it is the installation itself: the command line of its host, or the demo
    region. `memberships` are those that hold today.
    """

    person_id: bytes | None = None
    memberships: tuple[Membership, ...] = ()
    session: str = ""
    auth_level: str = ""

    @property
    def is_installation(self) -> bool:
        """Tell whether no person acts."""
        return self.person_id is None

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Give the places this person works from."""
        return tuple(membership.seat for membership in self.memberships)

    def actor(self, seats: Collection[Seat]) -> Actor:
        """Give the actor of an act on these seats: in the role whose reach allows it."""
        if self.person_id is None:
            return Actor(
                person="",
                organisation="",
                partner="",
                role="installation",
                session="",
                auth_level="",
            )
        fitting = [
            membership
            for membership in self.memberships
            if any(can_end(membership.seat, seat) for seat in seats)
        ]
        return _actor(self.person_id, fitting[:1], self.session, self.auth_level)


INSTALLATION = Authority()


def actor_of(person_id: bytes, memberships: Collection[Membership], login: LoginSession) -> Actor:
    """Give the actor of a login session; what differs between the memberships stays empty."""
    return _actor(person_id, memberships, to_hex(login.id), login.auth_level)


def _actor(
    person_id: bytes, memberships: Collection[Membership], session: str, auth_level: str
) -> Actor:
    """Give an actor with what all memberships share."""
    return Actor(
        person=to_hex(person_id),
        organisation=only_one(to_hex(one.organisation_id) for one in memberships),
        partner=only_one(one.partner for one in memberships),
        role=only_one(one.role for one in memberships),
        session=session,
        auth_level=auth_level,
    )


def sign_in_entry(actor: Actor, *, access_point: str) -> Entry:
    """Write the entry of a login session."""
    return Entry(
        action=Action.LOGIN,
        actor=actor,
        object=actor.person,
        facts={"access_point": access_point},
    )


def signed_in(actor: Actor, *, access_point: str) -> None:
    """Record that a login session is about to open."""
    gate.record(sign_in_entry(actor, access_point=access_point))


def sign_in_failed(object_: str, *, why: str, access_point: str, actor: Actor = NOBODY) -> None:
    """Record a failed attempt; the object is a person's id or a keyed hash of what was typed."""
    gate.record(
        Entry(
            action=Action.LOGIN_FAIL,
            actor=actor,
            object=object_,
            facts={"why": why, "access_point": access_point},
        )
    )


def account_changed(
    actor: Actor, object_: bytes, change: str, facts: Mapping[str, str] | None = None
) -> None:
    """Record a change of an account, role or organisation that is about to be stored."""
    gate.record(
        Entry(
            action=Action.ROLE_CHANGE,
            actor=actor,
            object=to_hex(object_),
            facts={"change": change, **(facts or {})},
        )
    )


def role_facts(membership: Membership) -> dict[str, str]:
    """Say for the log which role it is about; a role without a last day has an empty one."""
    return {
        "membership": to_hex(membership.id),
        "organisation": to_hex(membership.organisation_id),
        "municipality": membership.municipality,
        "partner": membership.partner,
        "role": membership.role,
        "from_on": membership.from_on.isoformat(),
        "until_on": membership.until_on.isoformat() if membership.until_on else "",
    }


def held_text_opened(actor: Actor, held_id: bytes) -> None:
    """Record that somebody's own unsent text is about to be opened for them again."""
    gate.record(
        Entry(
            action=Action.CONSULT,
            kind=Kind.OPENED,
            actor=actor,
            object=to_hex(held_id),
            facts={"what": "held-text"},
        )
    )
