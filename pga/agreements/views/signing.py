"""Signing for a party, in the product or on paper, and naming who is to sign."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import current
from auth import queries as people
from auth import service as accounts
from auth.errors import SignInThrottledError
from config.database import settings
from config.errors import ApplicationError, ForbiddenError, InvalidInputError
from config.ids import from_hex
from pga.agreements.life_schemas import PaperSchema, PartySchema, SignSchema
from pga.agreements.models import Party
from pga.agreements.rules import Capacity, Deed, capacities
from pga.agreements.service import life, papers, parties, signing
from pga.agreements.service.desk import DRAFTERS, Desk
from pga.agreements.service.papers import ENDINGS, open_scan, read_scan
from pga.agreements.service.recording import ChangedMeanwhileError
from pga.agreements.service.signing import (
    AnotherTextError,
    NotOpenForSigningError,
    OnPaper,
    Statement,
    WrongSignerError,
)
from pga.agreements.service.standing import see
from pga.agreements.views.blueprint import agreements, desk_of
from pga.policy.codes import Partner
from pga.web import forms
from pga.web.forms import Form

SECRETS = ("code", "password")
TOLD = (NotOpenForSigningError, AnotherTextError, ChangedMeanwhileError, SignInThrottledError)


@agreements.get("/agreements/<id:agreement_id>/sign/<id:party_id>")
def sign_form(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Show what is signed and ask in which capacity; who does not sign for it reads who does."""
    desk = desk_of(agreement_id)
    party = signing.party_to_sign(desk, party_id)
    is_signer = signing.seat_of_signer(desk.colleague, desk.agreement, party) is not None
    return _page(desk, party, forms.blank()), 200 if is_signer else WrongSignerError.status


@agreements.post("/agreements/<id:agreement_id>/sign/<id:party_id>")
def sign_it(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Sign for a party."""
    desk = desk_of(agreement_id)
    party = signing.party_to_sign(desk, party_id)
    form = forms.read(SignSchema(), request.form)
    if not form.is_valid:
        return _page(desk, party, form), 422
    try:
        signing.sign(desk, party_id, _statement(form), lambda: _proven(form))
    except InvalidInputError as refused:
        return _page(desk, party, form.refused(refused.fields)), 422
    except (WrongSignerError, *TOLD) as refused:
        return _again(agreement_id, party_id, form, refused), refused.status
    flash(_("You have signed. This party takes part as soon as the version holds."), "success")
    return redirect(url_for(".show", agreement_id=agreement_id), 303)


@agreements.get("/agreements/<id:agreement_id>/paper/<id:party_id>")
def paper_form(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Ask who signed on paper, and for the scan of it."""
    desk = desk_of(agreement_id)
    _must_record(desk)
    return _page(desk, signing.party_to_sign(desk, party_id), forms.blank(), on_paper=True)


@agreements.post("/agreements/<id:agreement_id>/paper/<id:party_id>")
def record_paper(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Record a signature on paper with its scan."""
    desk = desk_of(agreement_id)
    _must_record(desk)
    party = signing.party_to_sign(desk, party_id)
    form = forms.read(PaperSchema(), request.form)
    if not form.is_valid:
        return _page(desk, party, form, on_paper=True), 422
    try:
        chosen = request.files.get("scan")
        scan = read_scan(chosen.read(papers.LARGEST + 1) if chosen else b"")
        paper = OnPaper(form.data["name"], form.data["signed_on"], scan)
        signing.record_paper(desk, party_id, _statement(form), paper, lambda: _proven(form))
    except InvalidInputError as refused:
        return _page(desk, party, form.refused(refused.fields), on_paper=True), 422
    except TOLD as refused:
        return _again(agreement_id, party_id, form, refused, on_paper=True), refused.status
    flash(_("The signature is recorded and the scan is sealed."), "success")
    return redirect(url_for(".show", agreement_id=agreement_id), 303)


@agreements.get("/agreements/<id:agreement_id>/paper/<id:party_id>/<id:paper_id>")
def scan(agreement_id: bytes, party_id: bytes, paper_id: bytes) -> ResponseReturnValue:
    """Give the scan of a signature on paper, which is an entry in the log."""
    desk = desk_of(agreement_id)
    found = open_scan(desk, signing.party_to_sign(desk, party_id), paper_id)
    response = Response(found.content, mimetype=found.media_type)
    name = f"{desk.agreement.municipality}-{party_id.hex()[:8]}.{ENDINGS[found.media_type]}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@agreements.get("/agreements/<id:agreement_id>/signers")
def signers(agreement_id: bytes) -> ResponseReturnValue:
    """List the parties of the text with the organisations that are to sign."""
    return _signers_page(desk_of(agreement_id), forms.blank())


@agreements.post("/agreements/<id:agreement_id>/signers")
def name_signer(agreement_id: bytes) -> ResponseReturnValue:
    """Name an organisation that is to sign as a party."""
    desk = desk_of(agreement_id)
    form = forms.read(PartySchema(), request.form)
    if not form.is_valid:
        return _signers_page(desk, form), 422
    try:
        parties.name_party(desk, form.data["partner"], from_hex(form.data["organisation"]))
    except InvalidInputError as refused:
        return _signers_page(desk, form.refused(refused.fields)), 422
    except ChangedMeanwhileError as changed:
        return _signers_page(desk_of(agreement_id), form.refused({"": [changed.text]})), 409
    flash(_("The organisation is named."), "success")
    return redirect(url_for(".signers", agreement_id=agreement_id), 303)


@agreements.post("/agreements/<id:agreement_id>/signers/<id:party_id>/drop")
def drop_signer(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Take back that an organisation is to sign."""
    desk = desk_of(agreement_id)
    try:
        parties.drop_party(desk, party_id)
    except InvalidInputError as refused:
        return _signers_page(desk, forms.blank().refused(refused.fields)), 422
    except ChangedMeanwhileError as changed:
        again = forms.blank().refused({"": [changed.text]})
        return _signers_page(desk_of(agreement_id), again), 409
    flash(_("The organisation is left out."), "success")
    return redirect(url_for(".signers", agreement_id=agreement_id), 303)


def _statement(form: Form) -> Statement:
    """Take what somebody states out of a form."""
    data = form.data
    return Statement(
        seen=data["seen"],
        capacity=Capacity(data["capacity"]),
        function=data["function"],
        deed=Deed(data["mandate_number"], data["mandate_scope"], data["mandate_on"]),
    )


def _proven(form: Form) -> str:
    """Let the signed-in person prove anew who they are."""
    return accounts.prove_again(
        current.require_session(),
        code=form.data["code"],
        password=form.data["password"],
        access_point=current.access_point(),
    )


def _must_record(desk: Desk) -> None:
    """Let nobody record a signature on paper but who makes the agreement here."""
    if life.seat_for(desk, DRAFTERS) is None:
        raise ForbiddenError


def _again(
    agreement_id: bytes,
    party_id: bytes,
    form: Form,
    refused: ApplicationError,
    *,
    on_paper: bool = False,
) -> str:
    """Show the form anew over the text as it is now, with everything that was typed."""
    desk = desk_of(agreement_id)
    told = Form(form.values, {"": [_(refused.text, **refused.values)]})
    party = signing.party_to_sign(desk, party_id)
    return _page(desk, party, told, on_paper=on_paper)


def _page(desk: Desk, party: Party, form: Form, *, on_paper: bool = False) -> str:
    """Show the form of a signature; secrets are never shown again."""
    agreement = desk.agreement
    kept = {name: value for name, value in form.values.items() if name not in SECRETS}
    seen = see(agreement)
    term = next((one for one in seen.document.parties if one.partner == party.partner), None)
    return render_template(
        "agreements/sign.html",
        desk=desk,
        party=party,
        organisation=people.names_of([party.organisation_id]).get(party.organisation_id, ""),
        represented_by="" if term is None else term.represented_by,
        form=Form(kept, form.errors),
        on_paper=on_paper,
        is_open=signing.is_open(agreement, party),
        is_signer=on_paper or signing.seat_of_signer(desk.colleague, agreement, party) is not None,
        signatories=signing.signatories_of(agreement, party),
        capacities=capacities(Partner(party.partner)),
        document_hash=signing.hash_of_text(agreement),
        open_clauses=seen.standing.open_clauses,
        has_code=current.current_person().is_enrolled,
        needs_code=settings().second_factor,
    )


def _signers_page(desk: Desk, form: Form) -> str:
    """Show the parties, and for who drafts the form to name an organisation."""
    seen = see(desk.agreement)
    return render_template(
        "agreements/signers.html",
        desk=desk,
        seen=seen,
        form=form,
        names=people.names_of({party.organisation_id for party in seen.parties}),
        candidates=parties.candidates(desk.agreement, seen.parties),
        may_name=parties.may_name(desk),
    )
