"""Vastleggen: log an intervention, for a case that is chosen first."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.dossier import words
from pga.dossier.casefile import CaseFile
from pga.dossier.forms import readers_of, why_denied
from pga.dossier.rules import LIBRARY_OF, PLAN_OF, must_be_neutral
from pga.dossier.schemas import InterventionSchema
from pga.dossier.service import contributions
from pga.dossier.service.contributions import BOUND
from pga.dossier.views import kept
from pga.dossier.views.blueprint import dossier
from pga.dossier.work import running_files
from pga.policy.codes import Partner
from pga.sharing.service.changes import Desk, may_bring, sit_down
from pga.sharing.service.disclose import SharingDeniedError
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

WRITTEN = ("library_code", "what", "text")
LOOK_FIRST = "You chose another case. See below who can read this there, then log it."


@dossier.get("/log")
def log() -> ResponseReturnValue:
    """Ask what was done, for a case given, of the draft, or the only one; else ask which first."""
    files = _files()
    if "choose" in request.args:
        return _choice_page(files)
    asked = request.args.get("case_id", "")
    form = forms.blank(case=asked, happened_on=clock.today().isoformat())
    if not asked or kept.id_of(asked):
        form = kept.restore(form, "log", kept.id_of(asked))
    if not form.value("case") and len(files) == 1:
        form = forms.blank(**{**form.values, "case": files[0].case.id.hex()})
    if _chosen(files, form) is None:
        return _choice_page(files)
    return _log_page(files, form)


@dossier.post("/log")
def log_it() -> ResponseReturnValue:
    """Log an intervention, or show again who will read it, as when another case was chosen."""
    form = forms.read(InterventionSchema(), request.form)
    if form.value("preview"):
        return _log_page(_files(), Form(form.values))
    form = _checked(form)
    if not form.is_valid:
        return _log_page(_files(), form), 422
    data = form.data
    case_id = from_hex(data["case"])
    desk = sit_down(current_viewer(), case_id)
    try:
        item_id = contributions.log_intervention(
            desk, data["what"], data["text"], data["happened_on"], data["library_code"]
        )
    except InvalidInputError as refused:
        beside = {"title": "what"}
        found = {beside.get(name, name): texts for name, texts in refused.fields.items()}
        return _log_page(_files(), form.refused(found)), 422
    except SharingDeniedError as denied:
        return _log_page(_files(), form.refused({"case": why_denied(denied)})), 422
    kept.drop(form, "log", case_id)
    flash(_("The intervention is logged. You can undo this for ten minutes."), "success")
    return redirect(url_for(".item", case_id=case_id, item_id=item_id), 303)


def _checked(form: Form) -> Form:
    """Refuse a form that says nothing of what was done, or whose readers were never shown."""
    if not form.is_valid:
        return form
    if not form.data["what"] and not form.data["library_code"]:
        return form.refused({"what": ["Choose what you did, or write it down."]})
    if form.data["readers_of"] not in {"", form.data["case"]}:
        return form.refused({"case": [LOOK_FIRST]})
    return form


def _files() -> list[CaseFile]:
    """List the cases the viewer takes part in whose agreement is in force."""
    return [file for file in running_files(current_viewer()).running if file.facts.is_in_force]


def _chosen(files: list[CaseFile], form: Form) -> CaseFile | None:
    """Find the case that a form is about, among one's own."""
    return next((f for f in files if f.case.id.hex() == form.value("case")), None)


def _desk(file: CaseFile) -> Desk:
    """Sit down at a case that was opened for this page, with its facts."""
    return Desk(current_viewer(), file.facts, file.seat, clock.today())


def _stopped(file: CaseFile) -> list[str]:
    """Say why nothing can be logged in a case now; nothing when it can."""
    decision = may_bring(_desk(file), PLAN_OF[file.case.track])
    return [] if decision.is_allowed else words.explained(decision.explanation)


def _choice_page(files: list[CaseFile]) -> str:
    """Ask for which case, by first name, and last those in which nothing can be logged now."""
    asked = [(file, _stopped(file)) for file in files]
    asked.sort(key=lambda each: (bool(each[1]), each[0].name.casefold(), each[0].case.number))
    return render_template("dossier/log_case.html", files=asked)


def _log_page(files: list[CaseFile], form: Form) -> str:
    """Show the short form: first what stops the case, if anything, and last who will read it."""
    chosen = _chosen(files, form)
    category = PLAN_OF[chosen.case.track] if chosen else ""
    is_bound = chosen is not None and must_be_neutral(chosen.seat.partner, category, BOUND)
    return render_template(
        "dossier/log.html",
        form=form,
        files=files,
        chosen=chosen,
        stopped=_stopped(chosen) if chosen else [],
        is_written=any(form.value(name) for name in WRITTEN),
        readers=readers_of(_desk(chosen), category) if chosen else None,
        category=category,
        library=[] if is_bound else _choices({file.case.track for file in files}, chosen),
        neutral=words.neutral_choices() if is_bound else [],
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
