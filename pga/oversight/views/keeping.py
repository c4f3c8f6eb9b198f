"""Keeping and destroying: what may go, legal holds, and destructions that two people decide."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from auth import queries as people
from config.errors import ConflictError
from pga.dossier import words as case_words
from pga.oversight.keeping_schemas import WHOLE, DestructionSchema, ReasonSchema
from pga.oversight.service import keeping as service
from pga.oversight.service.bench import Bench
from pga.oversight.views.blueprint import office, oversight
from pga.records.errors import LegalHoldError, TwoPeopleError
from pga.web import forms
from pga.web.forms import Form


@oversight.get("/oversight/keeping")
def keeping() -> ResponseReturnValue:
    """List what may go, what waits for a second person, what must stay and what was destroyed."""
    bench = service.seat_of(office())
    found = service.overview(bench)
    who = {one.proposed_by for one in (*found.proposed, *found.done)}
    who |= {one.second_approver for one in found.done if one.second_approver is not None}
    who |= {hold.placed_by for hold in found.holds}
    return render_template(
        "oversight/keeping.html",
        found=found,
        numbers={case.id: case.number for case in bench.cases.values()},
        names=people.names_of(who),
        may_decide=service.may_decide(bench),
        states=case_words,
    )


@oversight.get("/oversight/cases/<id:case_id>/keeping")
def kept_case(case_id: bytes) -> ResponseReturnValue:
    """Show until when a case is kept and why, with what an officer may decide on it."""
    return _case_page(service.seat_of(office()), case_id)


@oversight.post("/oversight/cases/<id:case_id>/hold")
def place_hold(case_id: bytes) -> ResponseReturnValue:
    """Put a case under legal hold."""
    bench, form = service.seat_of(office()), forms.read(ReasonSchema(), request.form)
    if not form.is_valid:
        return _case_page(bench, case_id, hold=form), 422
    service.place_hold(bench, case_id, form.data["reason"])
    flash(
        _("The case is under legal hold. Nothing of it is destroyed until you lift it."), "success"
    )
    return redirect(url_for(".kept_case", case_id=case_id), 303)


@oversight.post("/oversight/cases/<id:case_id>/hold/lift")
def lift_hold(case_id: bytes) -> ResponseReturnValue:
    """End a legal hold."""
    bench, form = service.seat_of(office()), forms.read(ReasonSchema(), request.form)
    if not form.is_valid:
        return _case_page(bench, case_id, hold=form), 422
    service.lift_hold(bench, case_id, form.data["reason"])
    flash(_("The legal hold is lifted. The terms count again."), "success")
    return redirect(url_for(".kept_case", case_id=case_id), 303)


@oversight.post("/oversight/cases/<id:case_id>/destruction")
def propose_destruction(case_id: bytes) -> ResponseReturnValue:
    """Propose to destroy a case, or a part of it."""
    bench, form = service.seat_of(office()), forms.read(DestructionSchema(), request.form)
    if not form.is_valid:
        return _case_page(bench, case_id, proposal=form), 422
    category = None if form.data["category"] == WHOLE else form.data["category"]
    try:
        service.propose(bench, case_id, category, form.data["basis"])
    except (LegalHoldError, service.StillRunningError, service.AlreadyProposedError) as refused:
        return _case_page(bench, case_id, proposal=form.refused({"category": [refused.text]})), 422
    flash(
        _("Proposed. Nothing is destroyed until a second privacy officer approves it."), "success"
    )
    return redirect(url_for(".kept_case", case_id=case_id), 303)


@oversight.post("/oversight/destructions/<id:proposal_id>/approve")
def approve_destruction(proposal_id: bytes) -> ResponseReturnValue:
    """Approve what another officer proposed; it is destroyed at once."""
    bench = service.seat_of(office())
    try:
        count = service.approve(bench, proposal_id)
    except (TwoPeopleError, ConflictError) as refused:
        flash(_(refused.text), "error")
    else:
        flash(
            ngettext(
                "Destroyed for good: %(num)s row. The log keeps who decided it.",
                "Destroyed for good: %(num)s rows. The log keeps who decided it.",
                count,
            ),
            "success",
        )
    return redirect(url_for(".keeping"), 303)


@oversight.post("/oversight/destructions/<id:proposal_id>/withdraw")
def withdraw_destruction(proposal_id: bytes) -> ResponseReturnValue:
    """Take back a proposal."""
    form = forms.read(ReasonSchema(), request.form)
    if not form.is_valid:
        flash(_("Say in a sentence why."), "error")
        return redirect(url_for(".keeping"), 303)
    service.withdraw(service.seat_of(office()), proposal_id, form.data["reason"])
    flash(_("The proposal is withdrawn. Nothing was destroyed."), "success")
    return redirect(url_for(".keeping"), 303)


def _case_page(
    bench: Bench, case_id: bytes, *, hold: Form | None = None, proposal: Form | None = None
) -> str:
    """Show a case with both forms as they were filled in."""
    found = service.case_of(bench, case_id)
    who = {one.proposed_by for one in found.destructions}
    who |= {found.hold.placed_by} if found.hold else set()
    basis = found.kept[0].term.text[:200] if found.kept and found.kept[0].is_over else ""
    return render_template(
        "oversight/keeping_case.html",
        found=found,
        hold=hold or forms.blank(),
        proposal=proposal or forms.blank(basis=basis),
        names=people.names_of(who),
        own=bench.viewer.person_id,
        WHOLE=WHOLE,
        may_decide=service.may_decide(bench),
        states=case_words,
    )
