"""Accounts and roles of other people: within one's own reach, never one's own, each an entry."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError

from auth import passwords, queries
from auth.errors import NameInUseError, OutsideReachError, OwnAccountError
from auth.models import Membership, Organisation, Person
from auth.rules import (
    PersonStatus,
    Seat,
    can_block,
    can_end,
    can_give,
    can_reset,
    is_live,
    partner_fits_role,
)
from auth.service import entries, held_posts, sessions
from auth.service.entries import Authority
from auth.service.signing_in import normal_name
from config import clock
from config.database import db, settings, transaction
from config.errors import ConflictError, InvalidInputError, NotFoundError
from config.ids import new_id

TEMPORARY_FOR = timedelta(days=7)
Coverage = Callable[[Collection[Seat], Collection[Seat]], bool]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role to be given (benoeming): its seat, first day and last day; the last is included."""

    seat: Seat
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A new account; the temporary password is shown once and kept nowhere."""

    person_id: bytes
    temporary_password: str


def create_person(
    by: Authority,
    *,
    name: str,
    sign_in_name: str,
    appointment: Appointment,
    language: str = "nl",
) -> Created:
    """Open an account with its first role; it waits for a password of the person's own.

    The temporary password works for seven days. Raises InvalidInputError (also when the sign-in
    name is taken) or OutsideReachError.
    """
    stored_name = normal_name(sign_in_name)
    missing = {"name": name.strip(), "sign_in_name": stored_name}
    if not all(missing.values()):
        raise InvalidInputError(
            {field: ["Fill this in."] for field, value in missing.items() if not value}
        )
    _check_appointment(by, appointment)
    if queries.person_by_sign_in_name(stored_name):
        raise NameInUseError
    password = passwords.temporary_password()
    person_id = new_id()
    person = Person(
        id=person_id,
        name=name.strip(),
        sign_in_name=stored_name,
        password_hash=passwords.hash_password(password, person_id, settings().argon2),
        password_until=clock.now() + TEMPORARY_FOR,
        language=language,
        status=PersonStatus.PENDING,
        created_at=clock.now(),
    )
    membership = _membership(person_id, appointment)
    actor = by.actor((appointment.seat,))
    entries.account_changed(
        actor, person.id, entries.ACCOUNT_CREATED, entries.role_facts(membership)
    )
    try:
        with transaction():
            db.session.add(person)
            db.session.flush()  # a role refers to its person, and no relationship orders the two
            db.session.add(membership)
    except IntegrityError as error:
        raise NameInUseError from error
    return Created(membership.person_id, password)


def add_membership(by: Authority, person_id: bytes, appointment: Appointment) -> bytes:
    """Give somebody a role; give the id of the membership.

    Raises OwnAccountError, OutsideReachError, NotFoundError, or InvalidInputError when the role
    is held already or does not fit.
    """
    _refuse_own(by, person_id)
    _check_appointment(by, appointment)
    if db.session.get(Person, person_id) is None:
        raise NotFoundError
    if any(
        one.ended_at is None and one.seat == appointment.seat and _overlaps(one, appointment)
        for one in queries.all_memberships(person_id)
    ):
        raise InvalidInputError({"role": ["This person has this role already."]})
    membership = _membership(person_id, appointment)
    membership_id = membership.id
    entries.account_changed(
        by.actor((appointment.seat,)),
        person_id,
        entries.ROLE_GIVEN,
        entries.role_facts(membership),
    )
    with transaction():
        db.session.add(membership)
    return membership_id


def end_membership(by: Authority, membership_id: bytes) -> None:
    """End a role at once; it counts no more at the next request of its holder.

    Ending one that has ended changes nothing. Raises OwnAccountError, OutsideReachError or
    NotFoundError.
    """
    membership = queries.membership(membership_id)
    if membership is None:
        raise NotFoundError
    seat = membership.seat
    _refuse_own(by, membership.person_id)
    if not by.is_installation and not any(can_end(holder, seat) for holder in by.seats):
        raise OutsideReachError
    if membership.ended_at is not None:
        return
    entries.account_changed(
        by.actor((seat,)),
        membership.person_id,
        entries.ROLE_ENDED,
        entries.role_facts(membership),
    )
    with transaction():
        membership.ended_at = clock.now()
        held_posts.drop_all(membership.person_id)


def block_person(by: Authority, person_id: bytes) -> None:
    """Block an account and end its sessions at once (ASVS 7.4.2).

    Raises OwnAccountError, OutsideReachError or NotFoundError.
    """
    person, seats = _managed(by, person_id, can_block)
    if person.status is PersonStatus.BLOCKED:
        return
    entries.account_changed(by.actor(seats), person_id, "account-blocked")
    with transaction():
        person.status = PersonStatus.BLOCKED
        sessions.end_all(person_id)
        held_posts.drop_all(person_id)


def unblock_person(by: Authority, person_id: bytes) -> None:
    """Let a blocked account sign in again; raises as block_person does.

    Whoever still had a temporary password must still replace it. Raises ConflictError when the
    account is not blocked.
    """
    person, seats = _managed(by, person_id, can_block)
    if person.status is not PersonStatus.BLOCKED:
        raise ConflictError
    entries.account_changed(by.actor(seats), person_id, "account-unblocked")
    with transaction():
        person.status = PersonStatus.PENDING if person.password_until else PersonStatus.ACTIVE


def reset_sign_in(by: Authority, person_id: bytes) -> str:
    """Give a temporary password and drop the second factor of who lost either of them.

    Sessions end at once. Reaches no further than giving roles does, because whoever resets an
    account could use it. Raises ConflictError for a blocked account, else as block_person does.
    """
    person, seats = _managed(by, person_id, can_reset)
    if person.status is PersonStatus.BLOCKED:
        message = "Unblock this account first."
        raise ConflictError(message)
    password = passwords.temporary_password()
    entries.account_changed(by.actor(seats), person_id, "sign-in-reset")
    with transaction():
        person.password_hash = passwords.hash_password(password, person.id, settings().argon2)
        person.password_until = clock.now() + TEMPORARY_FOR
        person.status = PersonStatus.PENDING
        person.totp_sealed = None
        person.totp_last_step = None
        sessions.end_all(person_id)
        held_posts.drop_all(person_id)
    return password


def seats_that_count(memberships: Collection[Membership]) -> list[Seat]:
    """Give the seats that decide who may manage an account: live ones, or else earlier ones."""
    on = clock.today()
    live = [
        one
        for one in memberships
        if is_live(one.from_on, one.until_on, is_ended=one.ended_at is not None, on=on)
    ]
    return [one.seat for one in live or memberships]


def _managed(by: Authority, person_id: bytes, may: Coverage) -> tuple[Person, list[Seat]]:
    """Find an account that somebody may manage, with the seats that decide it."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFoundError
    _refuse_own(by, person_id)
    seats = seats_that_count(queries.all_memberships(person_id))
    if not by.is_installation and not may(by.seats, seats):
        raise OutsideReachError
    return person, seats


def _refuse_own(by: Authority, person_id: bytes) -> None:
    """Refuse whoever would change their own account; raises OwnAccountError."""
    if by.person_id == person_id:
        raise OwnAccountError


def _check_appointment(by: Authority, appointment: Appointment) -> None:
    """Check that a role may be given and fits its organisation."""
    seat = appointment.seat
    if not by.is_installation and not any(can_give(holder, seat) for holder in by.seats):
        raise OutsideReachError
    organisation = db.session.get(Organisation, seat.organisation_id)
    if organisation is None:
        raise InvalidInputError({"organisation": ["Choose from the list."]})
    if seat.partner not in organisation.partners:
        raise InvalidInputError({"partner": ["This organisation does not take part as this."]})
    if not partner_fits_role(seat.partner, seat.role):
        raise InvalidInputError({"role": ["This role does not belong to this kind of partner."]})
    if appointment.until_on and appointment.until_on < appointment.from_on:
        raise InvalidInputError({"until_on": ["The last day lies before the first."]})


def _overlaps(membership: Membership, appointment: Appointment) -> bool:
    """Tell whether a membership and an appointment share a day."""
    ends_before = membership.until_on is not None and membership.until_on < appointment.from_on
    starts_after = appointment.until_on is not None and appointment.until_on < membership.from_on
    return not ends_before and not starts_after


def _membership(person_id: bytes, appointment: Appointment) -> Membership:
    """Make the row of an appointment."""
    seat = appointment.seat
    return Membership(
        id=new_id(),
        person_id=person_id,
        organisation_id=seat.organisation_id,
        municipality=seat.municipality,
        partner=seat.partner,
        role=seat.role,
        from_on=appointment.from_on,
        until_on=appointment.until_on,
    )
