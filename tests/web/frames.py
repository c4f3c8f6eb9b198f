"""An app that has only the frame: no stores, no people, no rooms but those a test hangs in it."""

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect

from config import headers
from config.settings import Mode, Settings
from pga import web
from pga.web.navigation import Account, NavItem

SECRET = "only-for-tests-" * 3


def yes() -> bool:
    return True


def frame_app(folder: Path, mode: Mode = Mode.TEST) -> Flask:
    """Make the app; it keeps nothing in the folder."""
    app = Flask("frame", static_folder=None)
    app.secret_key = SECRET
    app.extensions["settings"] = Settings(
        mode=mode,
        data_dir=folder,
        app_url="sqlite:///app",
        keys_url="sqlite:///keys",
        audit_url="sqlite:///audit",
        secret_key=SECRET,
        kek="env:KEK",
        second_factor=True,
    )
    CSRFProtect(app)
    headers.init_app(app)
    web.init_app(app)
    return app


def hang_specimens(app: Flask) -> None:
    """Hang entries in the frame that lead to the style guide, and sign a specimen in."""
    guide = NavItem("web.style_guide", "Style guide", yes)
    frame = app.extensions["frame"]
    frame.capture = guide
    frame.search = NavItem("web.style_guide_form", "Search", yes)
    frame.account = lambda: Account(
        "R. van den Berg-Oosterhuis", "leerplicht", (guide,), "web.language"
    )
    app.extensions["navigation"].append(guide)
