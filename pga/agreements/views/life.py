"""One version of an agreement: where it stands, what its next step waits for, and each step."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import current
from auth import queries as people
from config import clock
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from pga.agreements import queries
from pga.agreements.clauses import by_partner
from pga.agreements.editions import catalogue_of
from pga.agreements.life_schemas import ConfirmSchema, ObjectionSchema, StepSchema
from pga.agreements.life_words import OUTCOMES, TAKEN
from pga.agreements.rules import (
    MODEL_WAYS,
    WAYS,
    Step,
    checks,
    minimum_parties,
    next_step,
    reminders,
    unmet,
    ways_of,
)
from pga.agreements.service import checking, life, parties, signing
from pga.agreements.service.checking import OwnClauseError
from pga.agreements.service.desk import DRAFTERS, MAKERS, Desk, line_of_versions
from pga.agreements.service.life import AgreementNotReadyError
from pga.agreements.service.limiting import HOLDING
from pga.agreements.service.recording import ChangedMeanwhileError, Given
from pga.agreements.service.standing import Seen, see
from pga.agreements.texts import broken_by
from pga.agreements.timeline import timeline_of
from pga.agreements.views.blueprint import agreements, desk_of
from pga.web import forms
from pga.web.forms import Form


@agreements.get("/agreements/<id:agreement_id>")
def show(agreement_id: bytes) -> ResponseReturnValue:
    """Show a version: its steps, the checklist, parties and signatures, and the versions beside."""
    desk = desk_of(agreement_id)
    seen = see(desk.agreement)
    signatures = {one.party_id: one for one in queries.signatures_of(agreement_id)}
    step = next_step(seen.standing)
    document, today = seen.document, clock.today()
    return render_template(
        "agreements/show.html",
        desk=desk,
        seen=seen,
        step=step,
        checks=checks(step, seen.standing, desk.colleague.person_id) if step else (),
        ways=_ways_for(desk, seen),
        signatures=signatures,
        names=_names(seen),
        minimum=minimum_parties(document),
        may_sign={
            party.id
            for party in seen.parties
            if signing.is_open(desk.agreement, party)
            and signing.seat_of_signer(desk.colleague, desk.agreement, party)
        },
        may_name=parties.may_name(desk),
        may_record=life.seat_for(desk, DRAFTERS) is not None,
        open_party={p.id for p in seen.parties if signing.is_open(desk.agreement, p)},
        may_check=checking.may_check(desk),
        may_move_cases=current.has_any_role(*MAKERS),
        in_force=queries.is_in_force(desk.agreement, today),
        broken=broken_by(desk.agreement) if desk.agreement.state in HOLDING else (),
        edition=catalogue_of(desk.agreement).edition,
        reminders=reminders(desk.agreement.valid_until, document.agreement.evaluation, today)
        if queries.is_in_force(desk.agreement, today)
        else (),
        document_hash=signing.hash_of_text(desk.agreement),
        timeline=timeline_of(line_of_versions(desk), today),
    )


def _names(seen: Seen) -> dict[bytes, str]:
    """Name everybody and every organisation on the page, in one query."""
    ids = {party.organisation_id for party in seen.parties}
    ids |= {step.person_id for step in seen.steps if step.person_id is not None}
    return people.names_of(ids)


def _ways_for(desk: Desk, seen: Seen) -> dict[Step, tuple[bool, bool]]:
    """Tell which steps this person may take, and whether each of them can be taken now."""
    found = {}
    for step, way in ways_of(seen.standing).items():
        if life.seat_for(desk, way.roles) is not None:
            missing = unmet(step, seen.standing, desk.colleague.person_id)
            found[step] = (step is next_step(seen.standing), not missing)
    return found


def _step(desk: Desk, name: str) -> Step:
    """Read which step is meant; raises NotFoundError for one there is none of."""
    try:
        step = Step(name)
    except ValueError:
        raise NotFoundError from None
    if step not in (MODEL_WAYS if desk.is_model else WAYS):
        raise NotFoundError
    return step


@agreements.get("/agreements/<id:agreement_id>/steps/<step_name>")
def step_form(agreement_id: bytes, step_name: str) -> ResponseReturnValue:
    """Ask what a step needs to be told."""
    desk = desk_of(agreement_id)
    return _step_page(desk, _step(desk, step_name), forms.blank())


@agreements.post("/agreements/<id:agreement_id>/steps/<step_name>")
def take_step(agreement_id: bytes, step_name: str) -> ResponseReturnValue:
    """Take a step."""
    desk = desk_of(agreement_id)
    step = _step(desk, step_name)
    form = forms.read(StepSchema(), request.form)
    if not form.is_valid:
        return _step_page(desk, step, form), 422
    try:
        life.take(desk, step, Given(**form.data))
    except InvalidInputError as refused:
        return _step_page(desk, step, form.refused(refused.fields)), 422
    except (AgreementNotReadyError, ChangedMeanwhileError) as refused:
        again = form.refused({"": [refused.text]})
        return _step_page(desk_of(agreement_id), step, again), refused.status
    flash(str(TAKEN[step]), "success")
    return redirect(url_for(".show", agreement_id=agreement_id), 303)


def _step_page(desk: Desk, step: Step, form: Form) -> str:
    """Show the form of a step with everything it waits for; raises ForbiddenError."""
    way = (MODEL_WAYS if desk.is_model else WAYS)[step]
    if life.seat_for(desk, way.roles) is None:
        raise ForbiddenError
    seen = see(desk.agreement)
    return render_template(
        "agreements/step.html",
        desk=desk,
        seen=seen,
        step=step,
        form=form,
        is_possible=step in ways_of(seen.standing),
        checks=checks(step, seen.standing, desk.colleague.person_id),
        outcomes=[(code, OUTCOMES[code]) for code in life.DPIA_OUTCOMES],
    )


@agreements.get("/agreements/<id:agreement_id>/legal-check")
def legal_check(agreement_id: bytes) -> ResponseReturnValue:
    """Show every clause with what lawyers said of it."""
    return _clauses_page(desk_of(agreement_id), forms.blank())


@agreements.post("/agreements/<id:agreement_id>/legal-check/confirm")
def confirm_clauses(agreement_id: bytes) -> ResponseReturnValue:
    """Confirm the clauses that were chosen, as they were read."""
    desk = desk_of(agreement_id)
    form = forms.read(ConfirmSchema(), request.form)
    if not form.is_valid:
        return _clauses_page(desk, form), 422
    try:
        count = checking.confirm(desk, form.data["clauses"])
    except InvalidInputError as refused:
        return _clauses_page(desk, form.refused(refused.fields)), 422
    except OwnClauseError as own:
        told = [_(own.text), ", ".join(own.clauses)]
        return _clauses_page(desk, Form(form.values, {"": told})), own.status
    except ChangedMeanwhileError as changed:
        return _clauses_page(desk_of(agreement_id), form.refused({"": [changed.text]})), 409
    flash(_("Clauses confirmed: %(count)s.", count=count), "success")
    return redirect(url_for(".legal_check", agreement_id=agreement_id), 303)


@agreements.post("/agreements/<id:agreement_id>/legal-check/object")
def object_to_clause(agreement_id: bytes) -> ResponseReturnValue:
    """Object to a clause, with a reason."""
    desk = desk_of(agreement_id)
    form = forms.read(ObjectionSchema(), request.form)
    if not form.is_valid:
        return _clauses_page(desk, form), 422
    try:
        checking.object_to(desk, form.data["clause"], form.data["remark"])
    except InvalidInputError as refused:
        return _clauses_page(desk, form.refused(refused.fields)), 422
    except ChangedMeanwhileError as changed:
        return _clauses_page(desk_of(agreement_id), form.refused({"": [changed.text]})), 409
    flash(_("Your objection is recorded."), "success")
    return redirect(url_for(".legal_check", agreement_id=agreement_id), 303)


def _clauses_page(desk: Desk, form: Form) -> str:
    """Show the clauses, and for a lawyer the form to confirm or object."""
    seen = see(desk.agreement)
    lawyers = {one.check.person_id for one in seen.clauses if one.check is not None}
    return render_template(
        "agreements/legal_check.html",
        desk=desk,
        seen=seen,
        groups=by_partner(seen.clauses),
        names=people.names_of(lawyers),
        may_check=checking.may_check(desk),
        form=form,
    )
