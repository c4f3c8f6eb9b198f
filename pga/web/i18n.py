"""Languages: Dutch by default, English complete; one catalogue per room, merged at start."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, get_locale
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ApplicationError
from pga.web.rooms import folders

LANGUAGES = {"nl": "Nederlands", "en": "English"}
DEFAULT = "nl"
SESSION_KEY = "language"


def _no_preference() -> str | None:
    """Give no language: nobody is signed in, or the person never chose."""
    return None


def _forget(_language: str) -> None:
    """Keep nothing beyond the browser session."""


@dataclass(frozen=True, slots=True)
class Preference:
    """How the language of the signed-in person is read and kept."""

    read: Callable[[], str | None] = _no_preference
    keep: Callable[[str], None] = _forget


def init_app(app: Flask) -> None:
    """Set up both languages over the catalogues of all rooms."""
    app.extensions.setdefault("language", Preference())
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Europe/Amsterdam",
        default_translation_directories=";".join(map(str, folders())),
        locale_selector=_choose,
    )


def use_preference(app: Flask, preference: Preference) -> None:
    """Let the language follow the signed-in person."""
    app.extensions["language"] = preference


def language() -> str:
    """Tell the language of this page: nl or en."""
    locale = get_locale()
    return DEFAULT if locale is None else str(locale.language)


def switch(chosen: str) -> bool:
    """Keep the chosen language for this person and browser; tell whether we speak it."""
    if chosen not in LANGUAGES:
        return False
    session[SESSION_KEY] = chosen
    preference: Preference = current_app.extensions["language"]
    preference.keep(chosen)
    return True


def _choose() -> str:
    """Choose by person, then browser session, then what the browser asks for."""
    if not has_request_context():
        return DEFAULT
    for found in (_preferred(), session.get(SESSION_KEY)):
        if found in LANGUAGES:
            return str(found)
    return request.accept_languages.best_match(list(LANGUAGES), DEFAULT) or DEFAULT


def _preferred() -> str | None:
    """Ask the person's language; a failing store must not keep the error page from speaking."""
    preference: Preference = current_app.extensions["language"]
    try:
        return preference.read()
    except (ApplicationError, SQLAlchemyError):
        return None
