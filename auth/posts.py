"""What stands between a posted form and its view: origin, token, and text that must not be lost.

A post from another site is refused by what the browser says of it and by a token that belongs to
one login session. Whoever posts after their session ended gets the text back after signing in.
"""

from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from auth import current, queries
from auth.errors import ForeignPostError, StepRequiredError
from auth.forms import TOKEN
from auth.models import LoginSession
from auth.rules import SignInStep, safe_next
from auth.service import Typed, drop, hold
from config import clock
from config.database import db
from config.errors import ApplicationError, SignInRequiredError
from config.ids import from_hex, to_hex

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OUR_OWN = frozenset({"same-origin", "none"})
SHOWN_AGAIN = "shown_again"
# Posts of these hold passwords and codes, or nothing one would want to type again.
NEVER_KEPT = frozenset({"sign_in", "sign_in_steps", "account", "web"})
STEPS = {
    SignInStep.CODE: "sign_in_steps.code",
    SignInStep.NEW_PASSWORD: "sign_in_steps.first_password",
    SignInStep.ENROLMENT: "sign_in_steps.enrolment",
}


def init_app(app: Flask) -> None:
    """Check every post before its view and answer those that come without a session."""
    # A form is good as long as its login session; typing for an hour is no attack.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # The check of the origin below also covers browsers that send no referrer.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(_tie)
    app.before_request(_refuse_foreign)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SignInRequiredError, _sign_in_first)
    app.register_error_handler(StepRequiredError, _finish_first)
    app.after_request(_forget_when_sent)


def way_on(target: str | None) -> str:
    """Give the address after signing in: kept text first, then where one was going."""
    login = current.require_session()
    if queries.held_posts(login.person_id, clock.now()):
        return url_for("account.kept_texts", next=safe_next(target))
    return safe_next(target) or "/"


def remember_shown(held_id: bytes, typed: Typed) -> None:
    """Note which kept text is on the screen: it is deleted once it was sent."""
    session[SHOWN_AGAIN] = [to_hex(held_id), typed.path]


def _tie() -> None:
    """Tie the tokens in forms to the login session; files need neither."""
    if request.endpoint and not request.endpoint.endswith("static"):
        current.tie_forms_to_session()


def _refuse_foreign() -> None:
    """Refuse a post that another site sent (Sec-Fetch-Site, else Origin)."""
    if request.method not in CHANGING:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        is_foreign = site not in OUR_OWN
    else:
        is_foreign = origin is not None and origin not in _own_origins()
    if is_foreign:
        raise ForeignPostError


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is not of this session, and give back what was typed in it.

    Only when the browser says that our own page sent it: another site must not choose the text.
    A browser that forgot its cookie, as after a restart, gets it back to send after signing in.
    """
    _ = error
    db.session.rollback()
    typed = _typed()
    if typed and request.headers.get("Sec-Fetch-Site") == "same-origin":
        if current.presented_session() and not current.is_signed_in():
            return _sign_in_first(SignInRequiredError())
        is_somebody = current.is_signed_in()
        page = render_template("auth/stale_form.html", typed=typed, is_somebody=is_somebody)
        return page, 400
    return render_template("errors/400.html", error=ApplicationError()), 400


def _sign_in_first(error: SignInRequiredError) -> ResponseReturnValue:
    """Send to the sign-in page, and keep what was posted for whose session ended."""
    _ = error
    db.session.rollback()
    presented = current.presented_session()
    is_kept = presented is not None and _keep(presented)
    reason = "kept" if is_kept else ("ended" if presented else None)
    return _send(url_for("sign_in.sign_in", next=_came_from(), reason=reason))


def _finish_first(error: StepRequiredError) -> ResponseReturnValue:
    """Send to the step of sign-in that is missing."""
    db.session.rollback()
    return _send(url_for(STEPS[SignInStep(error.step)], next=_came_from()))


def _send(address: str) -> Response:
    """Redirect a page; tell a part of a page to go there.

    A part that posts stays where it is, with a link: its page may hold more text.
    """
    if request.headers.get("HX-Request") != "true":
        return make_response(redirect(address, 303))
    response = make_response(render_template("auth/sign_in_part.html", address=address), 401)
    if request.method not in CHANGING:
        response.headers["HX-Redirect"] = address
    return response


def _came_from() -> str | None:
    """Give the page to come back to: this one, or for a post the one it was sent from."""
    page = request.headers.get("HX-Current-URL")
    if page is None and request.method not in CHANGING:
        return safe_next(request.full_path.rstrip("?"))
    page = page or request.referrer or ""
    for origin in _own_origins():
        if page.startswith(f"{origin}/"):
            return safe_next(page.removeprefix(origin))
    return None


def _own_origins() -> tuple[str, str]:
    """Give how a browser names this site; a proxy in between may speak http with us."""
    return f"https://{request.host}", f"http://{request.host}"


def _typed() -> Typed | None:
    """Give what was posted, if it is worth keeping: not passwords, not a bare button.

    Drafts are kept by themselves, so the text that a draft saved half is not kept twice.
    """
    endpoint = request.endpoint or ""
    if request.method != "POST" or request.blueprint in NEVER_KEPT or endpoint.endswith("draft"):
        return None
    fields = tuple(
        (name, text)
        for name, texts in request.form.lists()
        for text in texts
        if name != TOKEN and text.strip()
    )
    return Typed(request.full_path.rstrip("?"), fields) if fields else None


def _keep(presented: LoginSession) -> bool:
    """Keep what was posted for the person of an ended session; tell whether it is kept."""
    typed = _typed() if presented.person.is_active else None
    return typed is not None and hold(presented.person_id, typed.path, typed.fields)


def _forget_when_sent(response: Response) -> Response:
    """Delete a kept text once it was sent again and taken."""
    shown = session.get(SHOWN_AGAIN)
    if shown and request.method == "POST" and response.status_code < 400:  # noqa: PLR2004
        held_id, path = shown
        login = current.current_session()
        if login and request.full_path.rstrip("?") == path:
            drop(login.person_id, from_hex(held_id))
            session.pop(SHOWN_AGAIN)
    return response
