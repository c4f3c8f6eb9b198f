"""The page of one case about its version: since when, what comes, and whether it stays."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.ids import from_hex
from pga.changeover import words
from pga.changeover.rules import StayReason
from pga.changeover.schemas import GoSchema, StaySchema
from pga.changeover.service import staying
from pga.changeover.views.blueprint import shared_words
from pga.sharing.service.changes import Desk, sit_down
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

case_version = Blueprint("case_version", __name__, template_folder="../templates")
case_version.context_processor(shared_words)


@case_version.get("/cases/<id:case_id>/version")
def show(case_id: bytes) -> ResponseReturnValue:
    """Show under which version a case falls, and which decision will move it."""
    return _page(sit_down(current_viewer(), case_id), forms.blank())


@case_version.post("/cases/<id:case_id>/version/stay")
def stay(case_id: bytes) -> ResponseReturnValue:
    """Keep the case under the version it has."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(StaySchema(), request.form)
    if not form.is_valid:
        return _page(desk, form), 422
    staying.keep(desk, from_hex(form.data["move"]), StayReason(form.data["reason"]))
    flash(_("This case stays under the version it has."), "success")
    return redirect(url_for(".show", case_id=case_id), 303)


@case_version.post("/cases/<id:case_id>/version/go")
def go(case_id: bytes) -> ResponseReturnValue:
    """Let a case that stayed go over after all."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(GoSchema(), request.form)
    if not form.is_valid:
        return _page(desk, form), 422
    staying.let_go(desk, from_hex(form.data["move"]))
    flash(_("This case goes over with the others."), "success")
    return redirect(url_for(".show", case_id=case_id), 303)


def _page(desk: Desk, form: Form) -> str:
    """Show the page of a case about its version."""
    return render_template(
        "changeover/case.html",
        desk=desk,
        course=staying.course_of(desk),
        may_keep=staying.may_keep(desk),
        form=form,
        reasons=[(str(code), words.stay_reason(code)) for code in StayReason],
    )
