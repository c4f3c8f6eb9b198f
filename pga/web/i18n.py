"""Languages: Dutch by default, English complete; one catalogue per room, merged at start."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, TypeVar

from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, Domain, force_locale, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ApplicationError
from pga.web.rooms import folders

LANGUAGES = {"nl": "Nederlands", "en": "English"}
DEFAULT = "nl"
SESSION_KEY = "language"
KEPT = 4096

Given = TypeVar("Given", bound=Hashable)
Told = TypeVar("Told")


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
    babel = Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Europe/Amsterdam",
        default_translation_directories=";".join(map(str, folders())),
        locale_selector=_choose,
    )
    babel.domain_instance = Spoken()
    app.jinja_env.globals.update(
        gettext=_say, _=_say, ngettext=_say_number, written_once=written_once
    )


class Spoken(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The merged catalogues, found by language alone.

    A page asks for a hundred texts, and Flask-Babel writes out the locale for each of them.
    """

    def __init__(self) -> None:
        """Start with no language loaded."""
        super().__init__()
        self._by_language: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Give the catalogues in the language of the page."""
        spoken = language()
        found = self._by_language.get(spoken)
        if found is None:
            found = self._by_language[spoken] = super().get_translations()
        return found


def _catalogue() -> NullTranslations:
    """Give the catalogues in the language of the page, which is asked once per page."""
    try:
        found: NullTranslations = g.catalogue
    except (AttributeError, RuntimeError):  # not asked yet, or no page at all
        found = get_translations()
        if has_app_context():
            g.catalogue = found
    return found


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """Speak a language for a while, for what is given to another than who looks at the page."""
    kept = g.pop("catalogue", None)
    try:
        with force_locale(spoken):
            yield
    finally:
        g.pop("catalogue", None)
        if kept is not None:
            g.catalogue = kept


@pass_eval_context
def _say(context: EvalContext, message_id: str, **values: Any) -> str:  # noqa: ANN401
    """Translate a text of a template; values are escaped where the template escapes."""
    if not values and context.autoescape:
        return _plain(_catalogue(), message_id)
    text = str(_catalogue().ugettext(message_id))
    return (Markup(text) if context.autoescape else text) % values  # noqa: S704 - our catalogues


@lru_cache(maxsize=KEPT)
def _plain(catalogue: NullTranslations, message_id: str) -> Markup:
    """Translate a text without values; kept, for it is most of what a template says."""
    return Markup(catalogue.ugettext(message_id)) % {}  # noqa: S704 - our catalogues


@pass_eval_context
def _say_number(
    context: EvalContext,
    singular: str,
    plural: str,
    num: int,
    **values: Any,  # noqa: ANN401
) -> str:
    """Translate a text of a template that depends on a number, known in it as `num`."""
    text = str(_catalogue().ungettext(singular, plural, num))
    values.setdefault("num", num)
    return (Markup(text) if context.autoescape else text) % values  # noqa: S704 - our catalogues


def said_once(say: Callable[[Given], Told]) -> Callable[[Given], Told]:
    """Keep what a function says of a value, for each language.

    A page says the same things again and again. What is said may depend on the value and on the
    language alone. The catalogue is part of the key, so that no app speaks with another's words.
    """

    @lru_cache(maxsize=KEPT)
    def keep(_catalogue: NullTranslations, value: Given) -> Told:
        return say(value)

    @wraps(say)
    def said(value: Given) -> Told:
        return keep(_catalogue(), value)

    return said


def written_once(macro: Callable[..., Markup], *values: Hashable) -> Markup:
    """Write what a macro makes of values that name nobody, once for each language.

    The fixed parts of a page are the same for everybody: words of the law, of the agreement, of
    the frame. Never for what somebody wrote or for who somebody is. What the macro makes may
    depend on its values and on the language alone; so it is imported without context.
    """
    return _written(_catalogue(), macro, values)


@lru_cache(maxsize=KEPT)
def _written(
    _catalogue: NullTranslations, macro: Callable[..., Markup], values: tuple[Hashable, ...]
) -> Markup:
    """Keep what a macro made; a macro is one and the same object as long as its app lives."""
    return macro(*values)


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
