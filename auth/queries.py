"""Reads of auth: each function is one query, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    LargeBinary,
    Select,
    and_,
    bindparam,
    false,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import contains_eager

from auth.models import HeldPost, LoginSession, Membership, Organisation, Person
from auth.rules import ADMINISTRATORS, Role, Seat, reaches
from config.database import IdColumn, db

HELD_FOR = timedelta(hours=1)


def _live(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Select memberships that hold on a day; `auth.rules.is_live` says the same in Python."""
    return and_(
        Membership.ended_at.is_(None),
        Membership.from_on <= on,
        or_(Membership.until_on.is_(None), Membership.until_on >= on),
    )


def _memberships(*conditions: ColumnElement[bool]) -> Select[Membership]:
    """Select memberships with their organisation and person in the same query."""
    return (
        select(Membership)
        .join(Membership.organisation)
        .join(Membership.person)
        .options(contains_eager(Membership.organisation), contains_eager(Membership.person))
        .where(*conditions)
        .order_by(Person.name, Organisation.name, Membership.municipality, Membership.role)
    )


def person_by_sign_in_name(sign_in_name: str) -> Person | None:
    """Find the account of a sign-in name as stored: trimmed and in lower case."""
    return db.session.scalar(select(Person).where(Person.sign_in_name == sign_in_name))


# Made once: building a statement costs more than running it on a small table.
_IDS: BindParameter[bytes] = bindparam("ids", expanding=True)
_PEOPLE = select(Person).where(Person.id.in_(_IDS))
_ORGANISATIONS = select(Organisation).where(Organisation.id.in_(_IDS))
_NAMES = union_all(
    select(Person.id, Person.name).where(Person.id.in_(_IDS)),
    select(Organisation.id, Organisation.name).where(Organisation.id.in_(_IDS)),
)
_LIVE_OF_PERSON = (
    select(Membership)
    .join(Membership.organisation)
    .options(contains_eager(Membership.organisation))
    .where(
        Membership.person_id == bindparam("person_id", type_=IdColumn),
        _live(bindparam("on", type_=Date)),
    )
    .order_by(Organisation.name, Membership.municipality, Membership.role)
)
_SESSION = (
    select(LoginSession)
    .join(LoginSession.person)
    .options(contains_eager(LoginSession.person))
    .where(LoginSession.token_hash == bindparam("token_hash", type_=LargeBinary))
)


def people_by_id(ids: Iterable[bytes]) -> dict[bytes, Person]:
    """Find people by their ids; unknown ids are left out."""
    found = db.session.scalars(_PEOPLE, {"ids": list(set(ids))})
    return {person.id: person for person in found}


def organisations_by_id(ids: Iterable[bytes]) -> dict[bytes, Organisation]:
    """Find organisations by their ids; unknown ids are left out."""
    found = db.session.scalars(_ORGANISATIONS, {"ids": list(set(ids))})
    return {organisation.id: organisation for organisation in found}


def names_of(ids: Iterable[bytes]) -> dict[bytes, str]:
    """Give the names of people and organisations by their ids; unknown ids are left out."""
    found = db.session.connection().execute(_NAMES, {"ids": list(set(ids))})
    return {person_id: name for person_id, name in found.all()}  # noqa: C416 - rows, not pairs


def organisation_by_name(name: str) -> Organisation | None:
    """Find an organisation by its exact name."""
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def organisations() -> list[Organisation]:
    """List every organisation by name."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


def live_memberships(person_id: bytes, on: date) -> list[Membership]:
    """List the memberships of a person that hold on a day, with their organisations."""
    return list(db.session.scalars(_LIVE_OF_PERSON, {"person_id": person_id, "on": on}))


def live_memberships_of(person_ids: Collection[bytes], on: date) -> dict[bytes, list[Membership]]:
    """List the memberships that hold on a day of many people, by person."""
    grouped: dict[bytes, list[Membership]] = defaultdict(list)
    wanted = _memberships(Membership.person_id.in_(set(person_ids)), _live(on))
    for membership in db.session.scalars(wanted):
        grouped[membership.person_id].append(membership)
    return dict(grouped)


def all_memberships(person_id: bytes) -> list[Membership]:
    """List every membership a person has or had."""
    return list(db.session.scalars(_memberships(Membership.person_id == person_id)))


def unended_memberships(on: date) -> list[Membership]:
    """List every membership that holds on a day or later, of everybody."""
    lasts = or_(Membership.until_on.is_(None), Membership.until_on >= on)
    wanted = select(Membership).where(Membership.ended_at.is_(None), lasts)
    return list(db.session.scalars(wanted.order_by(Membership.id)))


def membership(membership_id: bytes) -> Membership | None:
    """Find a membership with its organisation and person."""
    return db.session.scalar(_memberships(Membership.id == membership_id))


def people_of_organisation(
    organisation_id: bytes, on: date, municipality: str | None = None
) -> list[Membership]:
    """List who works for an organisation on a day, perhaps in one municipality only.

    One row per membership, with person and organisation; somebody with two roles is there twice.
    """
    place = true() if municipality is None else Membership.municipality == municipality
    wanted = _memberships(Membership.organisation_id == organisation_id, _live(on), place)
    return list(db.session.scalars(wanted))


def people_of_municipality(
    municipality: str, on: date, roles: Collection[Role] = frozenset(Role)
) -> list[Membership]:
    """List who works in a municipality on a day, perhaps in some roles only."""
    wanted = _memberships(
        Membership.municipality == municipality, _live(on), Membership.role.in_(roles)
    )
    return list(db.session.scalars(wanted))


def ever_at(places: Collection[tuple[bytes, str]]) -> list[Membership]:
    """List every membership, also ended ones, at these pairs of organisation and municipality."""
    at = [
        and_(Membership.organisation_id == organisation_id, Membership.municipality == municipality)
        for organisation_id, municipality in places
    ]
    return list(db.session.scalars(_memberships(or_(false(), *at))))


def within_reach(holders: Collection[Seat]) -> list[Membership]:
    """List every membership, also ended ones, in the places that administrators' seats reach."""
    places = {seat.municipality for seat in holders if seat.role in ADMINISTRATORS}
    near = db.session.scalars(_memberships(Membership.municipality.in_(places)))
    return [one for one in near if any(reaches(holder, one.seat) for holder in holders)]


def session_by_token_hash(token_hash: bytes) -> LoginSession | None:
    """Find a login session, also an ended one, with its person."""
    return db.session.scalar(_SESSION, {"token_hash": token_hash})


def open_sessions(person_id: bytes, at: datetime, idle: timedelta) -> list[LoginSession]:
    """List the login sessions of a person that are still open, newest first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.person_id == person_id,
                LoginSession.ended_at.is_(None),
                LoginSession.absolute_end_at > at,
                LoginSession.last_seen_at > at - idle,
            )
            .order_by(LoginSession.created_at.desc())
        )
    )


def has_session_ended(session_id: bytes) -> bool:
    """Tell whether a login session was ended by now, by its owner or by blocking the account."""
    ended = select(LoginSession.id).where(
        LoginSession.id == session_id, LoginSession.ended_at.is_not(None)
    )
    return db.session.scalar(ended) is not None


def held_posts(person_id: bytes, at: datetime) -> list[HeldPost]:
    """List what is kept of a person's unsent text, newest first."""
    return list(
        db.session.scalars(
            select(HeldPost)
            .where(HeldPost.person_id == person_id, HeldPost.created_at > at - HELD_FOR)
            .order_by(HeldPost.created_at.desc())
        )
    )
