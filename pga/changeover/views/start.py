"""The start of the changeover: every version that is to come or still has living cases."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pga.changeover.service.versions import overview
from pga.changeover.views.blueprint import changeover
from pga.sharing.viewer import current_viewer


@changeover.get("/changeover")
def start() -> ResponseReturnValue:
    """Show, per municipality and track, what is in force, what is to come and what still lives."""
    return render_template("changeover/start.html", shelves=overview(current_viewer()))
