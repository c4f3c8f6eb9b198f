"""The editions of the limits: which is in force, what another would do, and who approves it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from config.errors import ApplicationError, InvalidInputError, NotFoundError
from pga.agreements import differences, editions, fault_words
from pga.agreements.differences import Story
from pga.agreements.edition_words import PARTS, lines_of, parts_of
from pga.agreements.life_schemas import ApproveSchema, EditionSchema
from pga.agreements.models import GuardrailEdition
from pga.agreements.service import limiting
from pga.agreements.service.desk import Colleague, may_see
from pga.agreements.service.limiting import Proposal, SamePersonError, Touched
from pga.agreements.service.recording import ChangedMeanwhileError
from pga.agreements.texts import broken_by
from pga.agreements.views.blueprint import agreements, colleague
from pga.agreements.views.files import uploaded
from pga.policy.library import GUARDRAILS
from pga.policy.nodes import DocumentError
from pga.web import forms
from pga.web.forms import Form


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edition does to one version, in words: what closes or opens, also under 12 alone."""

    touched: Touched
    story: Story
    of_children: Story


@agreements.get("/agreements/limits")
def limits() -> ResponseReturnValue:
    """Show the edition in force, the agreements that break it, the proposals and the history."""
    here = _reader()
    rows = editions.editions()
    broken = [
        (one, found)
        for one in editions.versions_in_use()
        if one.state in limiting.HOLDING and may_see(here, one) and (found := broken_by(one))
    ]
    return render_template(
        "agreements/limits.html",
        catalogue=editions.catalogue_in_force(),
        holds=editions.edition_in_force(),
        open=[row for row in rows if limiting.is_open(row)],
        past=[row for row in rows if not limiting.is_open(row)],
        broken=broken,
        names=_names(rows),
        may_propose=limiting.seat_to_propose(here) is not None,
        lines_of=lines_of,
    )


@agreements.get("/agreements/limits/file")
def limits_file() -> ResponseReturnValue:
    """Give the text of the edition in force, to start a next one from."""
    _reader()
    holds = editions.edition_in_force()
    text = GUARDRAILS.read_text("utf-8") if holds is None else holds.document
    return _file(text, editions.catalogue_in_force().edition)


@agreements.get("/agreements/limits/new")
def limits_form() -> ResponseReturnValue:
    """Ask for the text of a new edition, and why."""
    _may_propose()
    return _form_page(forms.blank())


@agreements.post("/agreements/limits/new")
def propose_limits() -> ResponseReturnValue:
    """Show what an edition would do, and with a second look propose it."""
    _may_propose()
    form = forms.read(EditionSchema(), request.form)
    if not form.is_valid:
        return _form_page(form), 422
    try:
        form.values["text"] = text = uploaded() or form.data["text"]
        found = limiting.weigh(colleague(), text)
        if not form.data["confirm"]:
            return _form_page(form, found)
        row = limiting.propose(colleague(), text, form.data["reason"])
    except DocumentError as refused:
        said = {**form.errors, "text": fault_words.all_said(refused.problems)}
        return _form_page(Form(form.values, said)), 422
    except InvalidInputError as refused:
        again = form.refused(refused.fields)
        return _form_page(again, found if "reason" in refused.fields else None), refused.status
    flash(_("The edition is proposed. Two others approve it before it is in force."), "success")
    return redirect(url_for(".edition", edition_id=row.id), 303)


@agreements.get("/agreements/limits/<id:edition_id>")
def edition(edition_id: bytes) -> ResponseReturnValue:
    """Show an edition: which limits differ, and what that does to every agreement."""
    return _edition_page(_row(edition_id))


@agreements.get("/agreements/limits/<id:edition_id>/file")
def edition_file(edition_id: bytes) -> ResponseReturnValue:
    """Give the text of an edition."""
    row = _row(edition_id)
    return _file(row.document, row.edition)


@agreements.post("/agreements/limits/<id:edition_id>/approve")
def approve_edition(edition_id: bytes) -> ResponseReturnValue:
    """Approve an edition, having seen what it does beside the one in force."""
    row = _row(edition_id)
    form = forms.read(ApproveSchema(), request.form)
    if not form.is_valid:
        return _edition_page(row, form), 422
    try:
        is_in_force = limiting.approve(colleague(), row, form.data["against"])
    except (SamePersonError, ChangedMeanwhileError) as refused:
        return _refused(edition_id, form, refused)
    said = (
        _("The edition is in force from now on, for every agreement.")
        if is_in_force
        else _("You approved it. One more approval, of somebody else, brings it into force.")
    )
    flash(said, "success")
    return redirect(url_for(".edition", edition_id=edition_id), 303)


@agreements.post("/agreements/limits/<id:edition_id>/withdraw")
def withdraw_edition(edition_id: bytes) -> ResponseReturnValue:
    """Take back a proposed edition."""
    try:
        limiting.withdraw(colleague(), _row(edition_id))
    except ChangedMeanwhileError as refused:
        return _refused(edition_id, forms.blank(), refused)
    flash(_("The proposal is withdrawn."), "success")
    return redirect(url_for(".limits"), 303)


def _refused(edition_id: bytes, form: Form, refused: ApplicationError) -> ResponseReturnValue:
    """Show an edition again, as it is now, with why nothing was done."""
    return _edition_page(_row(edition_id), form.refused({"": [refused.text]})), refused.status


def _reader() -> Colleague:
    """Give who looks; raises NotFoundError for whom there are no editions."""
    here = colleague()
    if not limiting.may_read(here):
        raise NotFoundError
    return here


def _may_propose() -> None:
    """Raise NotFoundError for who does not propose editions."""
    if limiting.seat_to_propose(colleague()) is None:
        raise NotFoundError


def _row(edition_id: bytes) -> GuardrailEdition:
    """Read an edition for who may; raises NotFoundError."""
    _reader()
    found = editions.edition_by_id(edition_id)
    if found is None:
        raise NotFoundError
    return found


def _file(text: str, name: str) -> Response:
    """Give a text as a file to keep."""
    response = Response(text, mimetype="application/yaml")
    plain = "".join(sign for sign in name if sign.isalnum() or sign in ".-")
    response.headers.set("Content-Disposition", "attachment", filename=f"limits-{plain}.yaml")
    return response


def _names(rows: Sequence[GuardrailEdition]) -> dict[bytes, str]:
    """Name who proposed and approved, in one query."""
    ids = {
        one
        for row in rows
        for one in (row.proposed_by, row.first_approved_by, row.second_approved_by)
        if one is not None
    }
    return people.names_of(ids)


def _form_page(form: Form, found: Proposal | None = None) -> str:
    """Show the form, and with a text that can be one what it would do."""
    return render_template("agreements/limits_new.html", form=form, **_told(found))


def _edition_page(row: GuardrailEdition, form: Form | None = None) -> str:
    """Show an edition; what it does to agreements is told while it is not in force."""
    here = colleague()
    found = None
    if limiting.is_open(row):
        found = limiting.proposal_of(here, row)
    elif row.in_force_since is not None:
        found = limiting.changed_by(row)
    return render_template(
        "agreements/edition.html",
        row=row,
        form=form or forms.blank(),
        names=_names([row]),
        may_approve=limiting.seat_to_approve(here, row) is not None,
        may_withdraw=limiting.may_withdraw(here, row),
        is_open=limiting.is_open(row),
        **_told(found),
    )


def _told(found: Proposal | None) -> dict[str, object]:
    """Put what an edition does in words."""
    if found is None:
        return {"proposal": None}
    return {
        "proposal": found,
        "effects": [_effect(one) for one in found.touched],
        "parts": PARTS,
        "parts_of": parts_of,
        "lines_of": lines_of,
    }


def _effect(touched: Touched) -> Effect:
    """Say what an edition does to one version."""
    flows = touched.effect.flows
    return Effect(
        touched,
        differences.story_of_flows(one for one in flows if not one.under_12),
        differences.story_of_flows(one for one in flows if one.under_12),
    )
