"""The start of the changeover: every version that is to come or still has living cases."""

from flask import render_template
from flask.typing import ResponseReturnValue

from auth import queries as people
from pga.changeover.rules import PROPOSERS
from pga.changeover.service.departures import known_departures, signed_for
from pga.changeover.service.places import municipal_places
from pga.changeover.service.versions import overview
from pga.changeover.views.blueprint import changeover
from pga.sharing.viewer import current_viewer


@changeover.get("/changeover")
def start() -> ResponseReturnValue:
    """Show, per municipality and track, what is in force, what is to come and what still lives."""
    viewer = current_viewer()
    mine, gone = signed_for(viewer), known_departures(viewer)
    return render_template(
        "changeover/start.html",
        shelves=overview(viewer),
        leads_in={place.municipality for place in municipal_places(viewer, PROPOSERS)},
        mine=mine,
        gone=gone,
        names=people.names_of(
            {one.party.organisation_id for one in mine} | {one.organisation_id for one in gone}
        ),
    )
