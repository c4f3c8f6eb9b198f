"""Pages of the process: the steps of a case, informing, review and waiting tasks."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from auth.rules import Role
from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.cases.models import InformDelay
from pga.cases.rules import ENDED, CaseState, Need, WorkKind, find_step
from pga.dossier import words
from pga.dossier.forms import Readers, readers_of, why_denied
from pga.dossier.rules import BSN_CATEGORY, CHOSEN_REASONS, IDENTITY_OF, StepReason
from pga.dossier.schemas import (
    BsnSchema,
    DelaySchema,
    IdentitySchema,
    InformedSchema,
    StepSchema,
)
from pga.dossier.service import aftercare, steps, tasks
from pga.dossier.service.aftercare import LONGEST_AFTERCARE_DAYS, Aftercare
from pga.dossier.views.blueprint import dossier
from pga.policy.codes import Partner
from pga.sharing.service.changes import Desk, sit_down
from pga.sharing.service.disclose import SharingDeniedError
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

SIX_MONTHS = timedelta(days=LONGEST_AFTERCARE_DAYS)
NAMES = ("first_name", "prefix", "surname", "born_on", "address", "postcode", "city")


@dossier.get("/cases/<id:case_id>/steps")
def process(case_id: bytes) -> ResponseReturnValue:
    """Show the steps one may take and what they still lack."""
    desk = sit_down(current_viewer(), case_id)
    return _steps_page(desk)


@dossier.post("/cases/<id:case_id>/steps")
def step(case_id: bytes) -> ResponseReturnValue:
    """Take a step."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(StepSchema(), request.form)
    if not form.is_valid:
        return _steps_page(desk, step=form), 422
    reason = StepReason(form.data["reason"]) if form.data["reason"] else None
    try:
        steps.take(desk, CaseState(form.data["target"]), reason, _keeps_contact(form))
    except InvalidInputError as refused:
        found = {name: texts for name, texts in refused.fields.items() if name not in set(Need)}
        lacks = [name for name in refused.fields if name in set(Need)]
        if lacks:
            found["reason"] = [_("Still needed: %(what)s.", what=words.need(n)) for n in lacks]
        return _steps_page(desk, step=form.refused(found)), 422
    flash(_("The step is taken."), "success")
    return redirect(url_for(".process", case_id=case_id), 303)


def _keeps_contact(form: Form) -> Aftercare | None:
    """Give who keeps contact in aftercare, if the form names somebody and a day."""
    person, until_on = form.data["person"], form.data["until_on"]
    chosen = people.membership(from_hex(person)) if person and until_on else None
    if chosen is None:
        return None
    return Aftercare(chosen.person_id, chosen.organisation_id, chosen.partner, until_on)


@dossier.post("/cases/<id:case_id>/identity")
def identity(case_id: bytes) -> ResponseReturnValue:
    """File the identity from the municipality's own register."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(IdentitySchema(), request.form)
    if form.value("preview"):
        return _steps_page(desk, identity=Form(form.values))
    if not form.is_valid:
        return _steps_page(desk, identity=form), 422
    data = {name: form.data[name] for name in NAMES}
    try:
        steps.file_identity(desk, steps.NewIdentity(**data), _named(form))
    except InvalidInputError as refused:
        return _steps_page(desk, identity=form.refused(refused.fields)), 422
    except SharingDeniedError as denied:
        return _steps_page(desk, identity=form.refused({"": why_denied(denied)})), 422
    flash(_("The identity is filed."), "success")
    return redirect(url_for(".process", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/bsn")
def bsn(case_id: bytes) -> ResponseReturnValue:
    """File the citizen service number, for the few who are named for it."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(BsnSchema(), request.form)
    if form.value("preview"):
        return _steps_page(desk, bsn=Form(form.values))
    if not form.is_valid:
        return _steps_page(desk, bsn=form), 422
    try:
        steps.file_bsn(desk, form.data["bsn"], _named(form))
    except InvalidInputError as refused:
        return _steps_page(desk, bsn=form.refused(refused.fields)), 422
    except SharingDeniedError as denied:
        return _steps_page(desk, bsn=form.refused({"": why_denied(denied)})), 422
    flash(_("The citizen service number is filed."), "success")
    return redirect(url_for(".process", case_id=case_id), 303)


def _named(form: Form) -> list[bytes]:
    """Give the persons named as readers in a form."""
    return [from_hex(text) for text in form.data["recipients"]]


@dossier.post("/cases/<id:case_id>/informed")
def informed(case_id: bytes) -> ResponseReturnValue:
    """Record that the youth was informed."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(InformedSchema(), request.form)
    try:
        if not form.is_valid:
            return _steps_page(desk, informed=form), 422
        steps.record_informed(desk, form.data["informed_on"])
    except InvalidInputError as refused:
        return _steps_page(desk, informed=form.refused(refused.fields)), 422
    flash(_("Recorded that the young person was informed."), "success")
    return redirect(url_for(".process", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/delay")
def delay(case_id: bytes) -> ResponseReturnValue:
    """Record why informing is put off."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(DelaySchema(), request.form)
    try:
        if not form.is_valid:
            return _steps_page(desk, delay=form), 422
        steps.record_delay(
            desk,
            InformDelay(form.data["reason"]),
            form.data["until"],
            from_hex(form.data["approved_by"]),
        )
    except InvalidInputError as refused:
        return _steps_page(desk, delay=form.refused(refused.fields)), 422
    flash(_("The delay is recorded."), "success")
    return redirect(url_for(".process", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/review")
def review(case_id: bytes) -> ResponseReturnValue:
    """Record that necessity was looked at again."""
    steps.record_review(sit_down(current_viewer(), case_id))
    flash(_("The review is recorded. The next one is in three months."), "success")
    return redirect(url_for(".process", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/restriction")
def restriction(case_id: bytes) -> ResponseReturnValue:
    """Restrict the case, or lift the restriction."""
    is_restricted = request.form.get("restricted") == "yes"
    steps.set_restriction(sit_down(current_viewer(), case_id), is_restricted=is_restricted)
    flash(
        _("The case is restricted.") if is_restricted else _("The restriction is lifted."),
        "success",
    )
    return redirect(url_for(".process", case_id=case_id), 303)


@dossier.get("/cases/<id:case_id>/tasks/<id:task_id>")
def work_task(case_id: bytes, task_id: bytes) -> ResponseReturnValue:
    """Show one waiting task, or go to the page where it is done."""
    desk = sit_down(current_viewer(), case_id)
    task = tasks.own_task(desk, task_id)
    if task.kind == WorkKind.CONFIRM_RELEASE and task.about_id is not None:
        return redirect(url_for("sharing.release", case_id=case_id, release_id=task.about_id), 303)
    if task.kind in {WorkKind.INFORM_YOUTH, WorkKind.REVIEW_CASE, WorkKind.APPROVE_STEP}:
        return redirect(url_for(".process", case_id=case_id), 303)
    return render_template("dossier/task.html", desk=desk, task=task, who=tasks.asker(desk, task))


@dossier.post("/cases/<id:case_id>/tasks/<id:task_id>/done")
def task_done(case_id: bytes, task_id: bytes) -> ResponseReturnValue:
    """Mark a waiting task as done."""
    tasks.finish(sit_down(current_viewer(), case_id), task_id)
    flash(_("Done."), "success")
    return redirect(url_for(".home"), 303)


def _steps_page(desk: Desk, **sent: Form) -> str:
    """Show the steps, informing, review and restriction of a case."""
    officers = people.people_of_municipality(
        desk.facts.case.municipality, desk.today, {Role.PRIVACY_OFFICER}
    )
    blank = {
        "step": forms.blank(until_on=(clock.today() + SIX_MONTHS).isoformat()),
        "identity": forms.blank(),
        "bsn": forms.blank(),
        "informed": forms.blank(informed_on=clock.today().isoformat()),
        "delay": forms.blank(),
    }
    shown = {**blank, **sent}
    return render_template(
        "dossier/steps.html",
        desk=desk,
        case=desk.facts.case,
        possible=steps.possible_steps(desk),
        has_ended=CaseState(desk.facts.case.state) in ENDED,
        is_lead=desk.seat.partner in steps.LEADS,
        is_process_lead=desk.seat.partner == Partner.GPR,
        may_review=steps.may_review(desk),
        may_delay=steps.may_delay(desk),
        identity_readers=_readers(desk, IDENTITY_OF[desk.facts.case.track], shown["identity"])
        if steps.may_file_identity(desk)
        else None,
        bsn_readers=_readers(desk, BSN_CATEGORY, shown["bsn"])
        if steps.may_file_bsn(desk)
        else None,
        keepers=_keepers(desk),
        reasons=[(code, words.REASONS[code]) for code in CHOSEN_REASONS],
        delays=[(code, words.DELAYS[code]) for code in InformDelay],
        officers=[(one.person_id.hex(), one.person.name) for one in officers],
        forms=shown,
    )


def _keepers(desk: Desk) -> list[tuple[str, str]]:
    """List who may keep contact, where aftercare is a step this seat can take."""
    step = find_step(CaseState(desk.facts.case.state), CaseState.AFTERCARE, in_force=True)
    if step is None or desk.seat.partner not in step.by:
        return []
    return [
        (one.id.hex(), f"{one.person.name}, {one.organisation.name}")
        for one in aftercare.choices(desk)
    ]


def _readers(desk: Desk, category: str, form: Form) -> Readers:
    """Work out who will read what a form files, with whoever is named in it."""
    return readers_of(desk, category, form.chosen("recipients"))
