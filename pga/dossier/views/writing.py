"""Pages that write in one case: add a contribution, plan an action, agree on a goal."""

from collections.abc import Mapping
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.dossier import words
from pga.dossier.forms import readers_of, why_denied
from pga.dossier.rules import (
    ACTIONS_OF,
    PLAN_OF,
    FactType,
    ItemKind,
    must_be_neutral,
)
from pga.dossier.schemas import (
    ActionSchema,
    ContributionSchema,
    GoalSchema,
)
from pga.dossier.service import contributions
from pga.dossier.service.contributions import BOUND, NewItem
from pga.dossier.views import kept
from pga.dossier.views.blueprint import dossier
from pga.policy.codes import CATEGORIES, Code, Track
from pga.policy.decide import Decision
from pga.sharing.service.changes import Desk, may_bring_each, sit_down
from pga.sharing.service.disclose import SharingDeniedError
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

WEEK = timedelta(days=7)


@dossier.get("/cases/<id:case_id>/contribute")
def contribute(case_id: bytes) -> ResponseReturnValue:
    """Ask for a contribution; the category comes first, the rest follows from it."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.blank(category=request.args.get("category", ""), fact_type=FactType.FACT)
    if "choose" not in request.args:
        form = kept.restore(form, "contribute", case_id)
    return _contribution_page(desk, form)


@dossier.post("/cases/<id:case_id>/contribute")
def contribute_it(case_id: bytes) -> ResponseReturnValue:
    """Save a contribution, or show again who will read it."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(ContributionSchema(), request.form)
    if form.value("preview"):
        return _contribution_page(desk, Form(form.values))
    if not form.is_valid:
        return _contribution_page(desk, form), 422
    new = NewItem(
        kind=ItemKind.CONTRIBUTION,
        category=form.data["category"],
        title=form.data["title"],
        text=form.data["text"],
        happened_on=form.data["happened_on"],
        fact_type=FactType(form.data["fact_type"]),
        recipients=[from_hex(text) for text in form.data["recipients"]],
    )
    try:
        item_id = contributions.bring(desk, new)
    except InvalidInputError as refused:
        return _contribution_page(desk, form.refused(refused.fields)), 422
    except SharingDeniedError as denied:
        return _contribution_page(desk, form.refused({"category": why_denied(denied)})), 422
    kept.drop(form, "contribute", case_id)
    flash(_("Your contribution is saved. You can undo this for ten minutes."), "success")
    return redirect(url_for(".item", case_id=case_id, item_id=item_id), 303)


@dossier.get("/cases/<id:case_id>/actions/new")
def plan_action(case_id: bytes) -> ResponseReturnValue:
    """Ask for an action, its owner and its day."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.blank(due_on=(clock.today() + WEEK).isoformat())
    return _action_page(desk, form)


@dossier.post("/cases/<id:case_id>/actions/new")
def plan_it(case_id: bytes) -> ResponseReturnValue:
    """Plan an action."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(ActionSchema(), request.form)
    if not form.is_valid:
        return _action_page(desk, form), 422
    if form.data["responsible"] not in {p.person_id.hex() for p in readers_of(desk, "").known}:
        return _action_page(desk, form.refused({"responsible": ["Choose from the list."]})), 422
    try:
        contributions.plan_action(
            desk,
            form.data["title"],
            form.data["text"],
            form.data["due_on"],
            from_hex(form.data["responsible"]),
        )
    except InvalidInputError as refused:
        return _action_page(desk, form.refused(refused.fields)), 422
    except SharingDeniedError as denied:
        return _action_page(desk, form.refused({"title": why_denied(denied)})), 422
    flash(_("The action is planned."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@dossier.get("/cases/<id:case_id>/goals/new")
def agree(case_id: bytes) -> ResponseReturnValue:
    """Ask for a goal or for the view of the youth."""
    desk = sit_down(current_viewer(), case_id)
    return _goal_page(desk, forms.blank(kind=request.args.get("kind", "goal")))


@dossier.post("/cases/<id:case_id>/goals/new")
def agree_it(case_id: bytes) -> ResponseReturnValue:
    """Save a goal or the view of the youth."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(GoalSchema(), request.form)
    if not form.is_valid:
        return _goal_page(desk, form), 422
    new = NewItem(
        kind=ItemKind(form.data["kind"]),
        category=PLAN_OF[desk.facts.case.track],
        title=form.data["title"],
        text=form.data["text"],
        extra={"own_words": form.data["own_words"]},
    )
    try:
        contributions.bring(desk, new)
    except InvalidInputError as refused:
        return _goal_page(desk, form.refused(refused.fields)), 422
    except SharingDeniedError as denied:
        return _goal_page(desk, form.refused({"title": why_denied(denied)})), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


def _contribution_page(desk: Desk, form: Form) -> str:
    """Show the form with purpose, basis and readers derived from the category."""
    chosen = form.value("category")
    known = CATEGORIES[Track(desk.facts.case.track)]
    category = chosen if chosen in known else ""
    named = [text for text in form.chosen("recipients") if text]
    found = may_bring_each(desk, known)
    choices = [code for code, one in found.items() if one.is_allowed or one.missing]
    return render_template(
        "dossier/contribute.html",
        form=form,
        desk=desk,
        category=category,
        categories=[(code, words.category(code)) for code in choices],
        stopped=[] if choices else _stop_of(found),
        decision=found[category] if category else None,
        readers=readers_of(desk, category, named) if category else None,
        neutral=_fixed_wordings(desk, category),
        fact_types=[(kind, words.fact_type(kind)) for kind in FactType],
    )


def _stop_of(found: Mapping[str, Decision]) -> list[str]:
    """Say why a seat can bring nothing at all: what stops the case, else the phase."""
    stop = next((one for one in found.values() if one.code is Code.FORBIDDEN), None)
    if stop is None or stop.cut_by_law:
        return [_("In this phase the agreement lets your organisation bring nothing.")]
    return words.explained(stop.explanation)


def _action_page(desk: Desk, form: Form) -> str:
    """Show the form of an action; owners are the participants one may know."""
    category = ACTIONS_OF[desk.facts.case.track]
    shown = readers_of(desk, category)
    names = people.people_by_id([p.person_id for p in shown.known])
    return render_template(
        "dossier/action.html",
        form=form,
        desk=desk,
        readers=shown,
        neutral=_fixed_wordings(desk, category),
        owners=[
            (p.person_id.hex(), names[p.person_id].name)
            for p in shown.known
            if p.person_id in names
        ],
    )


def _goal_page(desk: Desk, form: Form) -> str:
    """Show the form of a goal."""
    category = PLAN_OF[desk.facts.case.track]
    return render_template(
        "dossier/goal.html",
        form=form,
        desk=desk,
        readers=readers_of(desk, category),
        neutral=_fixed_wordings(desk, category),
    )


def _fixed_wordings(desk: Desk, category: str) -> list[tuple[str, str]]:
    """List the wordings to choose from where this seat may write nothing else (G3, R-29)."""
    is_bound = must_be_neutral(desk.seat.partner, category, BOUND)
    return words.neutral_choices() if is_bound else []
