"""Decisions over living cases: propose, look, approve, withdraw."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from auth.rules import Role
from config import clock
from config.errors import InvalidInputError, NotFoundError
from pga.agreements.models import Agreement
from pga.changeover import queries
from pga.changeover.rules import APPROVERS, PROPOSERS, MoveState, tell
from pga.changeover.schemas import MoveSchema
from pga.changeover.service import moves
from pga.changeover.service.places import place_for
from pga.changeover.service.previews import NotSoundError, Preview, preview
from pga.changeover.service.versions import Shelf, shelf_of
from pga.changeover.views.blueprint import changeover
from pga.changeover.views.previews import by_partner, names_of, version_id
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form


@changeover.get("/changeover/<id:agreement_id>/move")
def move_form(agreement_id: bytes) -> ResponseReturnValue:
    """Ask for a decision over the living cases of another version, with what it changes."""
    shelf, target, source = _versions(agreement_id, version_id(request.args.get("source", "")))
    first = max(clock.today(), target.valid_from)
    form = forms.blank(source=source.id.hex(), from_on=first.isoformat())
    return _form_page(shelf, source, target, form)


@changeover.post("/changeover/<id:agreement_id>/move")
def propose_move(agreement_id: bytes) -> ResponseReturnValue:
    """Propose the decision."""
    form = forms.read(MoveSchema(), request.form)
    shelf, target, source = _versions(agreement_id, version_id(form.value("source")))
    if not form.is_valid:
        return _form_page(shelf, source, target, form), 422
    new = moves.NewMove(form.data["reason"], form.data["from_on"])
    try:
        move = moves.propose(current_viewer(), source, target, new)
    except InvalidInputError as refused:
        return _form_page(shelf, source, target, form.refused(refused.fields)), 422
    flash(_("The decision is proposed. Somebody else has to approve it."), "success")
    return redirect(url_for(".move", move_id=move.id), 303)


@changeover.get("/changeover/moves/<id:move_id>")
def move(move_id: bytes) -> ResponseReturnValue:
    """Show a decision: what it changes, who decided, and what became of the cases."""
    viewer = current_viewer()
    found = moves.decided(viewer, move_id)
    town = found.source.municipality
    names = people.names_of(
        {one for one in (found.move.proposed_by, found.move.approved_by) if one is not None}
    )
    shown = _preview(found.source, found.target)
    moved = queries.moved_by(move_id)
    is_proposed = found.state is MoveState.PROPOSED
    return render_template(
        "changeover/move.html",
        found=found,
        names=names,
        shown=shown,
        by_partner=by_partner(shown.changes) if shown else (),
        organisations=names_of(shown) if shown else {},
        gone=tell(moved.gone),
        staying=tell(moved.staying),
        has_moved=moved.gone > 0,
        is_due=found.is_due(clock.today()),
        may_approve=is_proposed
        and place_for(viewer, town, APPROVERS) is not None
        and found.move.proposed_by != viewer.person_id,
        may_withdraw=found.is_open and place_for(viewer, town, PROPOSERS) is not None,
    )


@changeover.post("/changeover/moves/<id:move_id>/approve")
def approve_move(move_id: bytes) -> ResponseReturnValue:
    """Approve a decision."""
    found = moves.approve(current_viewer(), move_id)
    if found.state is MoveState.CARRIED_OUT:
        flash(_("Approved. The cases are under the new version now."), "success")
    else:
        flash(_("Approved. The cases go over as soon as the new version counts."), "success")
    return redirect(url_for(".move", move_id=move_id), 303)


@changeover.post("/changeover/moves/<id:move_id>/withdraw")
def withdraw_move(move_id: bytes) -> ResponseReturnValue:
    """Withdraw a decision."""
    moves.withdraw(current_viewer(), move_id)
    flash(_("The decision is withdrawn. No other case goes over by it."), "success")
    return redirect(url_for(".move", move_id=move_id), 303)


def _versions(agreement_id: bytes, source_id: bytes | None) -> tuple[Shelf, Agreement, Agreement]:
    """Find both versions for who may propose; raises NotFoundError, also without any source."""
    viewer = current_viewer()
    shelf, target = shelf_of(viewer, agreement_id)
    source = shelf.source_for(target, source_id)
    if source is None or place_for(viewer, target.municipality, (Role.PROCESS_LEAD,)) is None:
        raise NotFoundError
    return shelf, target, source


def _preview(source: Agreement, target: Agreement) -> Preview | None:
    """Give the preview; none of a version that goes over a limit of the law."""
    try:
        return preview(source, target)
    except NotSoundError:
        return None


def _form_page(shelf: Shelf, source: Agreement, target: Agreement, form: Form) -> str:
    """Show the form of a decision below what it changes."""
    shown = _preview(source, target)
    return render_template(
        "changeover/move_form.html",
        shelf=shelf,
        source=source,
        target=target,
        form=form,
        shown=shown,
        by_partner=by_partner(shown.changes) if shown else (),
        organisations=names_of(shown) if shown else {},
    )
