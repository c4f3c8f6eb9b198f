"""The few addresses of the frame itself: assets, language, shortcuts and the style guide."""

import re
from pathlib import Path

from flask import Blueprint, Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from config.settings import Mode, Settings
from pga.web import i18n, style_guide

STATIC = Path(__file__).parent / "static"
ONE_YEAR = 365 * 24 * 60 * 60
SHORTCUTS_KEY = "shortcuts"

# One slash and then no second one, nor what a browser reads as one: not an open redirect.
_INSIDE = re.compile(r"/(?![/\\])[^\\\s]*")


class AssetBlueprint(Blueprint):
    """A blueprint whose files may be kept as long as their address names their content."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Let the browser keep a file a year when a fingerprint stands in its address."""
        if request.args.get("v") or (filename or "").startswith("dist/fonts/"):
            return ONE_YEAR
        return super().get_send_file_max_age(filename)


def init_app(app: Flask) -> None:
    """Register the addresses; the style guide does not exist in production."""
    settings: Settings = app.extensions["settings"]
    web = AssetBlueprint(
        "web",
        __name__,
        static_folder=str(STATIC),
        static_url_path="/static",
        template_folder="templates",
    )
    web.add_url_rule("/favicon.ico", "favicon", _favicon)
    web.add_url_rule("/language", "language", _switch_language, methods=["POST"])
    web.add_url_rule("/shortcuts", "shortcuts", _switch_shortcuts, methods=["POST"])
    if settings.mode is not Mode.PRODUCTION:
        style_guide.add_to(web)
    app.register_blueprint(web)


def _favicon() -> ResponseReturnValue:
    """Show browsers that do not read the page where the drawing is."""
    return redirect(url_for("web.static", filename="favicon.svg"), 301)


def _switch_language() -> ResponseReturnValue:
    """Keep the chosen language and go back."""
    i18n.switch(request.form.get("language", ""))
    return redirect(_way_back(), 303)


def _switch_shortcuts() -> ResponseReturnValue:
    """Turn single-key shortcuts on or off for this browser session and go back."""
    session[SHORTCUTS_KEY] = request.form.get("shortcuts") == "on"
    return redirect(_way_back(), 303)


def _way_back() -> str:
    """Give the page to return to; never an address outside this site."""
    wanted = request.form.get("back", "")
    return wanted if _INSIDE.fullmatch(wanted) else "/"
