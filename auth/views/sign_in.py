"""Signing in and out."""

from collections.abc import Sequence

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import current, forms, service
from auth.demo import DemoAccount
from auth.errors import SignInRefusedError, SignInThrottledError
from auth.forms import Form
from auth.posts import STEPS, way_on
from auth.rules import safe_next
from auth.schemas import SignInSchema
from config.database import settings

sign_in = Blueprint("sign_in", __name__, template_folder="../templates")


@sign_in.get("/sign-in", endpoint="sign_in")
def show() -> ResponseReturnValue:
    """Show the sign-in page, or go on for who is signed in already."""
    going = safe_next(request.args.get("next"))
    if current.is_signed_in():
        return redirect(way_on(going), 303)
    return _page(forms.blank(next=going or ""), reason=request.args.get("reason"))


@sign_in.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Check name and password; the answer to every wrong pair is the same."""
    form = forms.read(SignInSchema(), request.form)
    if not form.is_valid:
        return _page(form), 422
    try:
        opened = service.sign_in(
            form.data["sign_in_name"],
            form.data["password"],
            access_point=current.access_point(),
        )
    except (SignInRefusedError, SignInThrottledError) as refused:
        problem = _(refused.text, **refused.values)
        return _page(form, problem=problem), refused.status
    going = url_for("sign_in.on", next=safe_next(form.data["next"]))
    return current.start(make_response(redirect(going, 303)), opened)


@sign_in.get("/sign-in/on", endpoint="on")
def go_on() -> ResponseReturnValue:
    """Go on after a step: to the next one, to kept text, or where one was going."""
    going = safe_next(request.args.get("next"))
    if current.current_session() is None:
        return redirect(url_for("sign_in.sign_in", next=going), 303)
    step = current.missing_step()
    return redirect(url_for(STEPS[step], next=going) if step else way_on(going), 303)


@sign_in.post("/sign-out", endpoint="sign_out")
def leave() -> ResponseReturnValue:
    """End the session on the server and in the browser."""
    login = current.current_session()
    if login is not None:
        service.sign_out(login)
    answer = make_response(redirect(url_for("sign_in.sign_in", reason="signed-out"), 303))
    return current.stop(answer)


def _page(form: Form, *, problem: str = "", reason: str | None = None) -> str:
    """Show the sign-in page."""
    shown: Sequence[DemoAccount] = current_app.extensions.get("demo_accounts", ())
    return render_template(
        "auth/sign_in.html",
        form=form,
        problem=problem,
        reason=reason,
        demo_accounts=shown if settings().is_demo else (),
    )
