"""What may follow on a right password: a code, a password of one's own, a second factor."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import current, forms, second_factor, service
from auth.errors import CodeRefusedError, SignInThrottledError
from auth.forms import Form
from auth.rules import SignInStep, safe_next
from auth.schemas import CodeSchema, EnrolmentSchema, FirstPasswordSchema
from auth.service import Opened
from config.errors import InvalidInputError

sign_in_steps = Blueprint("sign_in_steps", __name__, template_folder="../templates")


@sign_in_steps.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """Ask for a code of the second factor."""
    return _elsewhere(SignInStep.CODE) or _code_page(forms.blank())


@sign_in_steps.post("/sign-in/code")
def prove_code() -> ResponseReturnValue:
    """Check the code."""
    elsewhere = _elsewhere(SignInStep.CODE)
    form = forms.read(CodeSchema(), request.form)
    if elsewhere:
        return elsewhere
    if not form.is_valid:
        return _code_page(form), 422
    try:
        opened = service.prove_code(
            current.require_session(), form.data["code"], access_point=current.access_point()
        )
    except (CodeRefusedError, SignInThrottledError) as refused:
        return _code_page(_wrong(refused)), refused.status
    return _on(opened)


@sign_in_steps.get("/sign-in/new-password")
def first_password() -> ResponseReturnValue:
    """Ask for a password of one's own."""
    return _elsewhere(SignInStep.NEW_PASSWORD) or _password_page(forms.blank())


@sign_in_steps.post("/sign-in/new-password")
def choose_password() -> ResponseReturnValue:
    """Replace the temporary password."""
    elsewhere = _elsewhere(SignInStep.NEW_PASSWORD)
    form = forms.read(FirstPasswordSchema(), request.form)
    if elsewhere:
        return elsewhere
    if not form.is_valid:
        return _password_page(form), 422
    try:
        opened = service.choose_password(current.require_session(), form.data["new"])
    except InvalidInputError as refused:
        return _password_page(form.refused(refused.fields)), 422
    return _on(opened)


@sign_in_steps.get("/sign-in/second-factor")
def enrolment() -> ResponseReturnValue:
    """Show the secret that goes into an authenticator app."""
    return _elsewhere(SignInStep.ENROLMENT) or _enrolment_page(forms.blank())


@sign_in_steps.post("/sign-in/second-factor")
def enrol() -> ResponseReturnValue:
    """Confirm the second factor with its first code."""
    elsewhere = _elsewhere(SignInStep.ENROLMENT)
    form = forms.read(EnrolmentSchema(), request.form)
    if elsewhere:
        return elsewhere
    if not form.is_valid:
        return _enrolment_page(form), 422
    try:
        opened = service.enrol(
            current.require_session(), form.data["code"], access_point=current.access_point()
        )
    except (CodeRefusedError, SignInThrottledError) as refused:
        return _enrolment_page(_wrong(refused)), refused.status
    return _on(opened)


def _elsewhere(step: SignInStep) -> ResponseReturnValue | None:
    """Go where this person should be, when that is not this step."""
    if current.missing_step() is step:
        return None
    return redirect(url_for("sign_in.on", next=_next()), 303)


def _on(opened: Opened) -> ResponseReturnValue:
    """Give the browser its new token and go on."""
    answer = make_response(redirect(url_for("sign_in.on", next=_next()), 303))
    return current.start(answer, opened)


def _next() -> str | None:
    """Give where one was going before sign-in."""
    return safe_next(request.args.get("next"))


def _wrong(refused: CodeRefusedError | SignInThrottledError) -> Form:
    """Put an error beside the code; a used code is never shown again."""
    return Form({}, {"code": [_(refused.text, **refused.values)]})


def _code_page(form: Form) -> str:
    """Show the page that asks for a code."""
    return render_template("auth/code.html", form=form, going=_next())


def _password_page(form: Form) -> str:
    """Show the page that asks for a password."""
    return render_template("auth/first_password.html", form=form, going=_next())


def _enrolment_page(form: Form) -> str:
    """Show the page with the secret."""
    login = current.require_session()
    secret = service.propose_second_factor(login)
    return render_template(
        "auth/enrolment.html",
        form=form,
        going=_next(),
        secret=second_factor.spaced(secret),
        picture=second_factor.picture(secret, login.person.sign_in_name),
    )
