"""From which place somebody works on versions, and what lies outside it is not there."""

from collections.abc import Collection

from audit.entries import Actor
from auth.rules import Role
from config.errors import ForbiddenError, NotFoundError
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement
from pga.changeover.rules import LOOKERS, MUNICIPAL
from pga.sharing.service.seats import Place, Viewer


def municipal_places(viewer: Viewer, roles: Collection[Role] = LOOKERS) -> list[Place]:
    """List where somebody works for a municipality in one of these roles."""
    return [p for p in viewer.places if p.partner in MUNICIPAL and p.role in roles]


def place_for(viewer: Viewer, municipality: str, roles: Collection[Role] = LOOKERS) -> Place | None:
    """Give the place from which somebody looks at the versions of a municipality, if any."""
    found = municipal_places(viewer, roles)
    return next((place for place in found if place.municipality == municipality), None)


def version_for(viewer: Viewer, agreement_id: bytes) -> Agreement:
    """Read a version that somebody may look at; any other is not found, real or not."""
    found = agreements.agreements_by_id([agreement_id]).get(agreement_id)
    if found is None or place_for(viewer, found.municipality) is None:
        raise NotFoundError
    return found


def acting(viewer: Viewer, municipality: str, *roles: Role) -> Place:
    """Give the place in which somebody acts for a municipality; raises ForbiddenError."""
    place = place_for(viewer, municipality, roles)
    if place is None:
        raise ForbiddenError
    return place


def actor_at(viewer: Viewer, place: Place) -> Actor:
    """Say who acts from a place, for the log."""
    return Actor(
        person=viewer.person_id.hex(),
        organisation=place.organisation_id.hex(),
        partner=place.partner,
        role=place.role,
        session=viewer.session,
        auth_level=viewer.auth_level,
    )
