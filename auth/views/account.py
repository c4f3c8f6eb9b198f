"""One's own account: language, password, second factor, roles, sessions and kept text."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from auth import current, forms, queries, second_factor, service
from auth.errors import CodeRefusedError, SignInThrottledError
from auth.forms import Form
from auth.names import names
from auth.posts import remember_shown
from auth.rules import safe_next
from auth.schemas import EnrolmentSchema, LanguageSchema, PasswordSchema
from auth.views import words
from config import clock
from config.database import settings
from config.errors import InvalidInputError

account = Blueprint("account", __name__, template_folder="../templates")


@account.get("/account")
def show() -> ResponseReturnValue:
    """Show one's own account."""
    return _page(forms.blank(language=current.current_person().language))


@account.post("/account/language")
def language() -> ResponseReturnValue:
    """Keep the language of the pages."""
    form = forms.read(LanguageSchema(), request.form)
    if not form.is_valid:
        return _page(form), 422
    current.keep_language(form.data["language"])
    return redirect(url_for("account.show"), 303)


@account.post("/account/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End every session but this one."""
    ended = service.end_others(current.require_session())
    said = ngettext(
        "You are signed out in %(num)s other browser.",
        "You are signed out in %(num)s other browsers.",
        ended,
    )
    flash(said, "success")
    return redirect(url_for("account.show"), 303)


@account.get("/account/password")
def password() -> ResponseReturnValue:
    """Ask for another password."""
    return render_template("auth/password.html", form=forms.blank())


@account.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    form = forms.read(PasswordSchema(), request.form)
    if not form.is_valid:
        return render_template("auth/password.html", form=form), 422
    try:
        opened = service.change_password(
            current.require_session(),
            form.data["present"],
            form.data["new"],
            access_point=current.access_point(),
        )
    except InvalidInputError as refused:
        return render_template("auth/password.html", form=form.refused(refused.fields)), 422
    except SignInThrottledError as refused:
        waiting = Form({}, {"present": [_(refused.text, **refused.values)]})
        return render_template("auth/password.html", form=waiting), refused.status
    answer = current.start(make_response(redirect(url_for("account.show"), 303)), opened)
    flash(_("Your password is changed. You are signed out everywhere else."), "success")
    return answer


@account.get("/account/second-factor")
def enrolment() -> ResponseReturnValue:
    """Show the secret of a new second factor."""
    return _enrolment_page(forms.blank())


@account.post("/account/second-factor")
def enrol() -> ResponseReturnValue:
    """Confirm a new second factor; an older one stops working."""
    form = forms.read(EnrolmentSchema(), request.form)
    if not form.is_valid:
        return _enrolment_page(form), 422
    try:
        opened = service.enrol(
            current.require_session(),
            form.data["code"],
            access_point=current.access_point(),
            password=form.data["password"],
        )
    except InvalidInputError as refused:
        return _enrolment_page(form.refused(refused.fields)), 422
    except (CodeRefusedError, SignInThrottledError) as refused:
        wrong = Form({}, {"code": [_(refused.text, **refused.values)]})
        return _enrolment_page(wrong), refused.status
    answer = current.start(make_response(redirect(url_for("account.show"), 303)), opened)
    flash(_("The second step is set up. You are signed out everywhere else."), "success")
    return answer


@account.get("/account/kept-text")
def kept_texts() -> ResponseReturnValue:
    """Show the newest kept text, with a form that sends it to where it was going."""
    person = current.current_person()
    going = safe_next(request.args.get("next")) or "/"
    kept = queries.held_posts(person.id, clock.now())
    if not kept:
        return redirect(going, 303)
    newest = kept[0]
    typed = service.open_held(person.id, newest.id, current.actor())
    remember_shown(newest.id, typed)
    return render_template(
        "auth/kept_text.html",
        held=newest,
        typed=typed,
        others=len(kept) - 1,
        going=going,
        until=newest.created_at + queries.HELD_FOR,
    )


@account.post("/account/kept-text/<id:held_id>/drop")
def drop_kept_text(held_id: bytes) -> ResponseReturnValue:
    """Delete a kept text unsent."""
    service.drop(current.current_person().id, held_id)
    flash(_("The text is deleted."), "success")
    going = safe_next(request.form.get("next"))
    return redirect(url_for("account.kept_texts", next=going), 303)


def _page(form: Form) -> str:
    """Show the account with its roles and open sessions."""
    person = current.current_person()
    return render_template(
        "auth/account.html",
        form=form,
        person=person,
        memberships=current.live_memberships(),
        sessions=queries.open_sessions(person.id, clock.now(), settings().session_idle),
        here=current.require_session(),
        names=names(),
        roles=words.role_words(),
    )


def _enrolment_page(form: Form) -> str:
    """Show the page with the secret."""
    login = current.require_session()
    secret = service.propose_second_factor(login)
    return render_template(
        "auth/second_factor.html",
        form=form,
        person=login.person,
        secret=second_factor.spaced(secret),
        picture=second_factor.picture(secret, login.person.sign_in_name),
    )
