"""The signed-in person as the viewer of cases, once per request."""

from flask import g

from auth import current
from pga.sharing.service.seats import Place, Viewer


def current_viewer() -> Viewer:
    """Give the signed-in person with the live places, read anew in every request.

    Raises SignInRequiredError when nobody is signed in.
    """
    if "viewer" not in g:
        login = current.require_session()
        g.viewer = Viewer(
            person_id=login.person_id,
            session=login.id.hex(),
            auth_level=login.auth_level,
            places=tuple(
                Place(
                    membership_id=membership.id,
                    organisation_id=membership.organisation_id,
                    municipality=membership.municipality,
                    partner=membership.partner,
                    role=membership.role,
                )
                for membership in current.live_memberships()
            ),
        )
    viewer: Viewer = g.viewer
    return viewer
