"""New drafts: of a municipality from a regional model, or the next version of an agreement."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import clock
from config.errors import ForbiddenError, InvalidInputError
from config.ids import from_hex
from pga.agreements.draft_schemas import DeriveSchema, NewVersionSchema
from pga.agreements.municipalities import name_of
from pga.agreements.reading import models_in_force
from pga.agreements.service.desk import DRAFTERS, Desk
from pga.agreements.service.starting import NewTerms, derive_from_model, new_version_of
from pga.agreements.views.blueprint import agreements, colleague, desk_of
from pga.web import forms
from pga.web.forms import Form

TWO_YEARS = timedelta(days=730)
BEFORE_THE_END = timedelta(days=180)


@agreements.get("/agreements/new")
def new_form() -> ResponseReturnValue:
    """Ask for a municipality, a model and a term."""
    return _new_page(forms.blank(**_term(clock.today() + timedelta(days=90))))


@agreements.post("/agreements/new")
def new_draft() -> ResponseReturnValue:
    """Start a draft from a model."""
    form = forms.read(DeriveSchema(), request.form)
    if not form.is_valid:
        return _new_page(form), 422
    try:
        draft = derive_from_model(
            colleague(), from_hex(form.data["model"]), form.data["municipality"], _terms(form)
        )
    except InvalidInputError as refused:
        return _new_page(form.refused(refused.fields)), 422
    said = _("The draft is there. It says what the model says, and nothing deviates yet.")
    flash(said, "success")
    return redirect(url_for(".matrix", agreement_id=draft.id), 303)


@agreements.get("/agreements/<id:agreement_id>/new-version")
def version_form(agreement_id: bytes) -> ResponseReturnValue:
    """Ask what the next version is called and when it holds."""
    desk = desk_of(agreement_id)
    desk.drafter()
    start = desk.agreement.valid_until + timedelta(days=1)
    return _version_page(desk, forms.blank(name=desk.agreement.name, **_term(start)))


@agreements.post("/agreements/<id:agreement_id>/new-version")
def new_version(agreement_id: bytes) -> ResponseReturnValue:
    """Start the next version."""
    desk = desk_of(agreement_id)
    desk.drafter()
    form = forms.read(NewVersionSchema(), request.form)
    if not form.is_valid:
        return _version_page(desk, form), 422
    try:
        draft = new_version_of(desk, _terms(form))
    except InvalidInputError as refused:
        return _version_page(desk, form.refused(refused.fields)), 422
    said = _("The new version is there as a draft. The one before holds on until it is replaced.")
    flash(said, "success")
    return redirect(url_for(".matrix", agreement_id=draft.id), 303)


def _term(start: date) -> dict[str, str]:
    """Propose a term of two years, with the evaluation half a year before its end."""
    end = start + TWO_YEARS
    return {
        "valid_from": start.isoformat(),
        "valid_until": end.isoformat(),
        "evaluation": (end - BEFORE_THE_END).isoformat(),
    }


def _terms(form: Form) -> NewTerms:
    """Take the terms out of a form."""
    return NewTerms(
        name=form.data["name"],
        version=form.data["version"],
        valid_from=form.data["valid_from"],
        valid_until=form.data["valid_until"],
        evaluation=form.data["evaluation"],
    )


def _new_page(form: Form) -> str:
    """Show the form with the municipalities somebody drafts for; raises ForbiddenError for none."""
    places = sorted(
        {
            seat.municipality
            for seat in colleague().memberships
            if colleague().seats(seat.municipality, DRAFTERS) and seat.role in DRAFTERS
        }
    )
    if not places:
        raise ForbiddenError
    return render_template(
        "agreements/editor/new.html",
        form=form,
        places=[(code, name_of(code)) for code in places],
        models=[(one.id.hex(), f"{one.name} {one.version}") for one in models_in_force()],
    )


def _version_page(desk: Desk, form: Form) -> str:
    """Show the form of a next version."""
    return render_template("agreements/editor/new_version.html", desk=desk, form=form)
