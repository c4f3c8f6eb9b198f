"""Pages that write: log an intervention, add a contribution, plan an action, agree on a goal."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.dossier import words
from pga.dossier.casefile import CaseFile
from pga.dossier.forms import Readers, draft_content, readers_of
from pga.dossier.rules import (
    ACTIONS_OF,
    LIBRARY_OF,
    PLAN_OF,
    FactType,
    ItemKind,
    must_be_neutral,
)
from pga.dossier.schemas import (
    ActionSchema,
    ContributionSchema,
    GoalSchema,
    InterventionSchema,
)
from pga.dossier.service import contributions
from pga.dossier.service.contributions import BOUND, NewItem
from pga.dossier.views import kept
from pga.dossier.views.blueprint import dossier
from pga.dossier.work import running_files
from pga.policy.codes import CATEGORIES, Partner, Track
from pga.sharing.service.changes import Desk, may_bring, may_bring_each, sit_down
from pga.sharing.service.disclose import SharingDeniedError
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

WEEK = timedelta(days=7)


@dossier.get("/log")
def log() -> ResponseReturnValue:
    """Ask what was done, for a case given or chosen from one's own list."""
    case_hex = request.args.get("case_id", "")
    form = forms.blank(case=case_hex, happened_on=clock.today().isoformat())
    return _log_page(kept.restore(form, "log"))


@dossier.post("/log")
def log_it() -> ResponseReturnValue:
    """Log an intervention."""
    form = forms.read(InterventionSchema(), request.form)
    if not form.is_valid:
        return _log_page(form), 422
    if not form.data["what"] and not form.data["library_code"]:
        return _log_page(form.refused({"what": ["Choose what you did, or write it down."]})), 422
    case_id = from_hex(form.data["case"])
    desk = sit_down(current_viewer(), case_id)
    try:
        item_id = contributions.log_intervention(
            desk,
            form.data["library_code"] or form.data["what"],
            form.data["text"],
            form.data["happened_on"],
            form.data["library_code"],
        )
    except InvalidInputError as refused:
        return _log_page(form.refused(_renamed(refused, {"title": "what"}))), 422
    except SharingDeniedError as denied:
        return _log_page(form.refused({"case": _why(denied)})), 422
    kept.drop(form)
    flash(_("The intervention is logged. You can undo this for ten minutes."), "success")
    return redirect(url_for(".item", case_id=case_id, item_id=item_id), 303)


@dossier.get("/cases/<id:case_id>/contribute")
def contribute(case_id: bytes) -> ResponseReturnValue:
    """Ask for a contribution; the category comes first, the rest follows from it."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.blank(category=request.args.get("category", ""), fact_type=FactType.FACT)
    return _contribution_page(desk, kept.restore(form, "contribute", case_id))


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
        return _contribution_page(desk, form.refused({"category": _why(denied)})), 422
    kept.drop(form)
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
        return _action_page(desk, form.refused({"title": _why(denied)})), 422
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
        return _goal_page(desk, form.refused({"title": _why(denied)})), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@dossier.post("/drafts/<name>")
def keep_draft(name: str) -> Response | str:
    """Keep what is being typed, sealed and for its author alone; asked by the page itself."""
    return kept.keep(name, draft_content(request.form))


def _log_page(form: Form) -> str:
    """Show the short form; the case is chosen from one's own list."""
    files = [f for f in running_files(current_viewer()) if f.facts.is_in_force]
    chosen = next((f for f in files if f.case.id.hex() == form.value("case")), None)
    shown: Readers | None = None
    if chosen is not None:
        desk = sit_down(current_viewer(), chosen.case.id)
        shown = readers_of(desk, PLAN_OF[chosen.case.track])
    tracks = {file.case.track for file in files}
    neutral = chosen is not None and must_be_neutral(
        chosen.seat.partner, PLAN_OF[chosen.case.track], BOUND
    )
    return render_template(
        "dossier/log.html",
        form=form,
        files=files,
        chosen=chosen,
        readers=shown,
        category=PLAN_OF[chosen.case.track] if chosen else "",
        library=[] if neutral else _choices(tracks, chosen),
        neutral=words.neutral_choices() if neutral else [],
    )


def _choices(tracks: set[str], chosen: CaseFile | None) -> list[tuple[str, LazyString | str]]:
    """List what one can choose without typing: the interventions of every track, once each.

    The case manager can choose the fixed wordings too. Were they for secret help alone, such an
    item would tell that there is some (R-29).
    """
    codes = dict.fromkeys(code for track in sorted(tracks) for code in LIBRARY_OF[track])
    found: list[tuple[str, LazyString | str]] = [
        (code, words.INTERVENTIONS[code]) for code in codes
    ]
    if chosen is not None and chosen.seat.partner == Partner.GCR:
        found += words.neutral_choices()
    return found


def _contribution_page(desk: Desk, form: Form) -> str:
    """Show the form with purpose, basis and readers derived from the category."""
    chosen = form.value("category")
    allowed = set(CATEGORIES[Track(desk.facts.case.track)])
    category = chosen if chosen in allowed else ""
    named = [text for text in form.chosen("recipients") if text]
    return render_template(
        "dossier/contribute.html",
        form=form,
        desk=desk,
        category=category,
        categories=[(code, words.category(code)) for code in bringable(desk)],
        decision=may_bring(desk, category) if category else None,
        readers=readers_of(desk, category, named) if category else None,
        neutral=_fixed_wordings(desk, category),
        fact_types=[(kind, words.fact_type(kind)) for kind in FactType],
    )


def bringable(desk: Desk) -> Sequence[str]:
    """List the categories that the agreement lets this seat bring, perhaps on a condition."""
    found = may_bring_each(desk, CATEGORIES[Track(desk.facts.case.track)])
    return [category for category, one in found.items() if one.is_allowed or one.missing]


def _action_page(desk: Desk, form: Form) -> str:
    """Show the form of an action; owners are the participants one may know."""
    shown = readers_of(desk, "")
    names = people.people_by_id([p.person_id for p in shown.known])
    return render_template(
        "dossier/action.html",
        form=form,
        desk=desk,
        neutral=_fixed_wordings(desk, ACTIONS_OF[desk.facts.case.track]),
        owners=[
            (p.person_id.hex(), names[p.person_id].name)
            for p in shown.known
            if p.person_id in names
        ],
    )


def _goal_page(desk: Desk, form: Form) -> str:
    """Show the form of a goal."""
    neutral = _fixed_wordings(desk, PLAN_OF[desk.facts.case.track])
    return render_template("dossier/goal.html", form=form, desk=desk, neutral=neutral)


def _fixed_wordings(desk: Desk, category: str) -> list[tuple[str, str]]:
    """List the wordings to choose from where this seat may write nothing else (G3, R-29)."""
    is_bound = must_be_neutral(desk.seat.partner, category, BOUND)
    return words.neutral_choices() if is_bound else []


def _why(denied: SharingDeniedError) -> list[str]:
    """Say why nothing may be added, to show beside a field: what was typed stays on the page."""
    if denied.decision is None:
        return ["Nothing is shared here: the agreement is not in force for your organisation."]
    return words.explained(denied.decision.explanation)


def _renamed(refused: InvalidInputError, names: dict[str, str]) -> dict[str, list[str]]:
    """Put errors beside the fields of the page, which may be called otherwise."""
    return {names.get(name, name): found for name, found in refused.fields.items()}
