"""What the pages of people show: who is within reach, and what may be done with whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from auth.models import Membership, Organisation, Person
from auth.names import names
from auth.rules import (
    MAY_GIVE,
    Role,
    Seat,
    can_block,
    can_end,
    can_reset,
    is_live,
    reaches,
)
from auth.service import Authority
from auth.service.people import seats_that_count
from auth.views import words
from config import clock
from config.ids import to_hex

PAGE = 50
Choice = tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the list with the roles that hold today within reach."""

    person: Person
    live: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list."""

    rows: Sequence[Listed]
    organisations: Sequence[Organisation]
    chosen: str
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Managed:
    """One person as an administrator sees them, with what that administrator may do."""

    person: Person
    live: tuple[tuple[Membership, bool], ...]
    earlier: tuple[Membership, ...]
    is_self: bool
    may_block: bool
    may_reset: bool


def holds(membership: Membership) -> bool:
    """Tell whether a membership holds today."""
    return is_live(
        membership.from_on,
        membership.until_on,
        is_ended=membership.ended_at is not None,
        on=clock.today(),
    )


def listing(near: Collection[Membership], *, organisation: str, page: str) -> Listing:
    """Make a page of the list, of one organisation (hex id) or of all; the pages count from 1."""
    organisations = sorted({one.organisation for one in near}, key=lambda one: one.name)
    wanted = [one for one in near if organisation in {"", to_hex(one.organisation_id)}]
    ordered = sorted(wanted, key=lambda one: (one.person.name.casefold(), one.person_id))
    rows = [
        Listed(group[0].person, tuple(one for one in group if holds(one)))
        for group in (list(found) for _, found in groupby(ordered, lambda one: one.person_id))
    ]
    pages = max(1, ceil(len(rows) / PAGE))
    number = min(int(page), pages) if page.isdecimal() and page != "0" else 1
    return Listing(
        rows[(number - 1) * PAGE : number * PAGE], organisations, organisation, number, pages
    )


def managed(by: Authority, memberships: Collection[Membership]) -> Managed | None:
    """Tell what may be done with a person, given all their roles; nothing when out of reach."""
    near = [one for one in memberships if any(reaches(seat, one.seat) for seat in by.seats)]
    if not near:
        return None
    person = near[0].person
    is_self = person.id == by.person_id
    deciding = seats_that_count(memberships)
    return Managed(
        person=person,
        live=tuple(
            (one, not is_self and any(can_end(seat, one.seat) for seat in by.seats))
            for one in near
            if one.ended_at is None
        ),
        earlier=tuple(one for one in near if one.ended_at is not None),
        is_self=is_self,
        may_block=not is_self and can_block(by.seats, deciding),
        may_reset=not is_self and can_reset(by.seats, deciding),
    )


def choices(
    seats: Collection[Seat], organisations: Collection[Organisation]
) -> dict[str, list[Choice]]:
    """Give the lists of a form that gives a role: only what some own role could give."""
    own = {seat.organisation_id for seat in seats if seat.role is Role.ORG_ADMIN}
    leads = any(seat.role is Role.PROCESS_LEAD for seat in seats)
    offered = [one for one in organisations if leads or one.id in own]
    places = {seat.municipality for seat in seats if seat.role in MAY_GIVE}
    roles = frozenset[Role]().union(*(MAY_GIVE.get(seat.role, ()) for seat in seats))
    spoken, hints = words.role_words(), words.role_hints()
    return {
        "organisation_choices": [(to_hex(one.id), one.name) for one in offered],
        "municipality_choices": sorted(
            ((code, names().municipality(code)) for code in places), key=lambda one: one[1]
        ),
        "partner_choices": [
            (code, names().partner(code))
            for code in sorted({code for one in offered for code in one.partners})
        ],
        "role_choices": [(role, spoken[role], hints[role]) for role in Role if role in roles],
    }
