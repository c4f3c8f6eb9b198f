"""A model that moved beside a draft: what the region changed, what is local, and what both did."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.errors import ApplicationError, ForbiddenError, NotFoundError
from pga.agreements import cell_words, place_words, value_words
from pga.agreements.draft_schemas import AdoptSchema
from pga.agreements.service import drafting, following
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.saved import tell_saved
from pga.policy.editing import mark_at, place_of
from pga.policy.errors import EditError
from pga.policy.places import PlaceError, PlaceKind
from pga.policy.threeway import ADOPTABLE, Compared, Standing, ThreeWay
from pga.web import forms

SHOWN = (Standing.MODEL_MOVED, Standing.CONFLICT, Standing.LOCAL_DEVIATES, Standing.BOTH)


@dataclass(frozen=True, slots=True)
class Beside:
    """One place in three texts, as the page shows it; `seen` is empty where nothing is adopted."""

    place: str
    name: str
    base: list[str]
    model: list[str]
    local: list[str]
    seen: str


@agreements.get("/agreements/<id:agreement_id>/model")
def model(agreement_id: bytes) -> ResponseReturnValue:
    """Show the model that moved beside this version, place by place."""
    desk = desk_of(agreement_id)
    found = following.moved(desk.agreement)
    return render_template(
        "agreements/editor/model.html",
        desk=desk,
        moved=found,
        may_change=lambda place: drafting.may_change(desk, place),
        shown={} if found is None else _shown(found.compared),
    )


@agreements.post("/agreements/<id:agreement_id>/model/adopt")
def adopt(agreement_id: bytes) -> ResponseReturnValue:
    """Adopt the model at one place."""
    desk = desk_of(agreement_id)
    form, before = forms.read(AdoptSchema(), request.form), desk.agreement.document
    if not form.is_valid:
        raise NotFoundError
    try:
        now = following.adopt_place(desk, form.data["place"], seen=form.data["seen"])
    except PlaceError:
        raise NotFoundError from None
    except (ForbiddenError, NotFoundError):
        raise
    except ApplicationError as refused:
        flash(_(refused.text, **refused.values), "warning")
    else:
        name = place_words.name(form.data["place"])
        tell_saved(_("Adopted from the model: %(what)s", what=name), before, now)
    return redirect(url_for(".model", agreement_id=agreement_id), 303)


@agreements.post("/agreements/<id:agreement_id>/model/follow")
def follow(agreement_id: bytes) -> ResponseReturnValue:
    """Follow the newest model from now on."""
    desk = desk_of(agreement_id)
    desk.drafter()
    try:
        following.follow(desk)
    except NotFoundError:
        raise
    except ApplicationError as refused:
        flash(_(refused.text, **refused.values), "warning")
    else:
        said = _("This draft follows the new model. What differs from it is a deviation.")
        flash(said, "success")
    return redirect(url_for(".model", agreement_id=agreement_id), 303)


def _shown(found: ThreeWay) -> dict[str, list[Beside]]:
    """Put the places under how they stand, in words."""
    return {
        standing: [_beside(found, one) for one in found.places if one.standing is standing]
        for standing in SHOWN
    }


def _beside(found: ThreeWay, one: Compared) -> Beside:
    """Say one place in three texts."""
    base, model_now, local = (_said(one, text) for text in (one.base, one.model, one.local))
    name, seen = place_words.name(str(one.place)), _seen(found, one)
    return Beside(str(one.place), name, base, model_now, local, seen)


def _said(one: Compared, text: str) -> list[str]:
    """Say what stands at a place in one of the texts."""
    if one.place.kind is PlaceKind.CELL:
        return [f"{cell_words.said(text)} ({text})"]
    return value_words.lines(text)


def _seen(found: ThreeWay, one: Compared) -> str:
    """Give the mark with which a place is adopted; empty where that takes more than one place."""
    if one.standing not in ADOPTABLE:
        return ""
    try:
        return mark_at(found.local, place_of(found.adopt(one.place)))
    except EditError:
        return ""
