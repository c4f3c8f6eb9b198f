"""Who is asking: the person, login session and memberships behind this request.

Flask-Login gives `current_user` and nothing more: its own session entries and its remember-me
cookie are never written, because neither can be ended from the server (ASVS 7.4.1). What is read
here is read once per request and detached, so no commit or rollback makes it read again.
"""

import logging
from dataclasses import dataclass

from flask import Flask, Request, Response, g, request, session
from flask_login import LoginManager

from audit.entries import Actor
from auth import queries
from auth.models import LoginSession, Membership, Person
from auth.rules import Role, SignInStep, step_after_password
from auth.service import Authority, Opened
from auth.service.entries import actor_of
from auth.service.own_account import set_language
from auth.service.sessions import is_as_opened, is_usable, see
from auth.tokens import fingerprint
from config import clock
from config.database import db, settings
from config.errors import SignInRequiredError
from config.ids import to_hex

log = logging.getLogger(__name__)

SECURE_COOKIE = "__Host-session"
PLAIN_COOKIE = "pga_session"
SECURE_FORM_COOKIE = "__Host-form"
PLAIN_FORM_COOKIE = "pga_form"
OWNER = "owner"
# How pages look may stay in a browser over a sign-in; whatever else it held belongs to before.
KEPT_OVER_SIGN_IN = ("language", "shortcuts")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks in this request.

    `presented` is the session of the cookie even when it has ended: it opens nothing, but tells
    whose unsent text to keep. `login` is the same session while it counts, and `step` what still
    stands between it and the pages: a page asks that for every entry of its menu.
    """

    presented: LoginSession | None = None
    login: LoginSession | None = None
    step: SignInStep | None = None


def init_app(app: Flask) -> None:
    """Load the current user from our own session table, and nowhere else."""
    is_secure = app.extensions["settings"].secure_cookies
    app.config["SECRET_KEY"] = app.extensions["settings"].secret_key
    app.config["SESSION_COOKIE_NAME"] = SECURE_FORM_COOKIE if is_secure else PLAIN_FORM_COOKIE
    app.config["SESSION_COOKIE_SECURE"] = is_secure
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    # Without a user_loader the cookie Flask-Login would remember somebody by loads nobody; under
    # a name that no browser sends it cannot even keep our own loader from being asked.
    app.config["REMEMBER_COOKIE_NAME"] = "__Host-never"
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load)
    manager.init_app(app)


def cookie_name() -> str:
    """Give the name of the session cookie; the prefix makes browsers hold it to this host."""
    return SECURE_COOKIE if settings().secure_cookies else PLAIN_COOKIE


def _load(asked: Request) -> Person | None:
    """Give Flask-Login the person of this request."""
    _ = asked
    login = current_session()
    return login.person if login else None


def _asking() -> Asking:
    """Read who asks, once per request."""
    asking: Asking | None = g.get("auth_asking")
    if asking is None:
        asking = g.auth_asking = _read()
    return asking


def _read() -> Asking:
    """Read the session of the cookie; one query, none without a cookie."""
    token = request.cookies.get(cookie_name())
    presented = queries.session_by_token_hash(fingerprint(token)) if token else None
    if token is None or presented is None:
        return Asking()
    if not is_as_opened(presented, token):
        log.critical("a login session is not as it was opened", extra={"event": "session-tampered"})
        return Asking()
    db.session.expunge(presented.person)
    db.session.expunge(presented)
    at = clock.now()
    if not is_usable(presented, at):
        return Asking(presented)
    see(presented, at)
    return Asking(presented, presented, _step_after(presented))


def _step_after(login: LoginSession) -> SignInStep | None:
    """Tell what is still asked of whoever has this session."""
    return step_after_password(
        login.person.status,
        login.auth_level,
        is_enrolled=login.person.is_enrolled,
        needs_second_factor=settings().second_factor,
    )


def presented_session() -> LoginSession | None:
    """Give the session of the cookie, also when it has ended; it opens nothing."""
    return _asking().presented


def current_session() -> LoginSession | None:
    """Give the login session of this request while it counts."""
    return _asking().login


def require_session() -> LoginSession:
    """Give the login session of this request; raises SignInRequiredError without one."""
    login = current_session()
    if login is None:
        raise SignInRequiredError
    return login


def current_person() -> Person:
    """Give the signed-in person; raises SignInRequiredError when nobody is.

    A detached copy of this request: change a person through `auth.service`.
    """
    return require_session().person


def live_memberships() -> tuple[Membership, ...]:
    """Give the memberships of the signed-in person that hold today, read once per request.

    Each has its organisation loaded. Empty when nobody is signed in.
    """
    if "auth_memberships" not in g:
        login = current_session()
        found = queries.live_memberships(login.person_id, clock.today()) if login else []
        for membership in found:
            db.session.expunge(membership)
        for organisation in {one.organisation for one in found}:
            db.session.expunge(organisation)
        g.auth_memberships = tuple(found)
    memberships: tuple[Membership, ...] = g.auth_memberships
    return memberships


def has_any_role(*roles: Role) -> bool:
    """Tell whether the signed-in person holds one of these roles today, somewhere."""
    return any(membership.role in roles for membership in live_memberships())


def actor(membership: Membership | None = None) -> Actor:
    """Give the actor for an entry in the log, in one of the person's memberships.

    Without a membership it names what all memberships share. Raises SignInRequiredError.
    """
    login = require_session()
    held = live_memberships() if membership is None else (membership,)
    return actor_of(login.person_id, held, login)


def authority() -> Authority:
    """Give in whose name accounts and roles change in this request."""
    login = require_session()
    return Authority(login.person_id, live_memberships(), to_hex(login.id), login.auth_level)


def missing_step() -> SignInStep | None:
    """Tell what still stands between a right password and the pages; nothing when complete."""
    require_session()
    return _asking().step


def is_signed_in() -> bool:
    """Tell whether somebody is signed in completely."""
    asking = _asking()
    return asking.login is not None and asking.step is None


def language() -> str | None:
    """Tell the language of the signed-in person, if anybody is signed in."""
    login = current_session()
    return login.person.language if login else None


def keep_language(chosen: str) -> None:
    """Keep the chosen language with the signed-in person, if anybody is signed in."""
    login = current_session()
    if login is not None:
        set_language(login.person_id, chosen)


def access_point() -> str:
    """Tell the network address the request came from, for the log and for counting attempts."""
    return request.remote_addr or ""


def start(response: Response, opened: Opened) -> Response:
    """Give the browser a fresh token and forget what its forms held before (session fixation)."""
    _forget_before()
    session[OWNER] = owner_of(opened.token)
    response.set_cookie(
        cookie_name(),
        opened.token,
        path="/",
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def stop(response: Response) -> Response:
    """Take the token out of the browser and forget what its forms held."""
    _forget_before()
    response.delete_cookie(
        cookie_name(),
        path="/",
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def owner_of(token: str | None) -> str:
    """Give the mark that ties the tokens in forms to one login session."""
    return fingerprint(token).hex() if token else ""


def tie_forms_to_session() -> None:
    """Drop the token of forms that belongs to another login session than the cookie's."""
    if session.get(OWNER, "") != owner_of(request.cookies.get(cookie_name())):
        _forget_before()
        session[OWNER] = owner_of(request.cookies.get(cookie_name()))


def _forget_before() -> None:
    """Empty the browser's form session but for how pages look."""
    kept = {name: session[name] for name in KEPT_OVER_SIGN_IN if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)
