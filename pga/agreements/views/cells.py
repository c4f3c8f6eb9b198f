"""One cell of a version: what it says, on what ground, what it does, and how it is changed."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.errors import ApplicationError, NotFoundError
from pga.agreements import cell_words
from pga.agreements.consequences import Consequence, consequence, demanded, examples_about
from pga.agreements.draft_schemas import CellSchema
from pga.agreements.editions import catalogue_of
from pga.agreements.matrix import partners_of, square_of, stages_of
from pga.agreements.queries import table_of
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.texts import broken_by, outcomes_of, table_of_text
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import asked_stage
from pga.agreements.views.refusals import refused
from pga.agreements.views.saved import tell_saved
from pga.policy.codes import CATEGORIES, Category, Partner, Track
from pga.policy.editing import CellChange, EditError, mark_at, place_of
from pga.policy.terms import AgreementDocument, Clause
from pga.policy.who_may import View, pairs
from pga.web import forms
from pga.web.forms import Form

CELL = "/agreements/<id:agreement_id>/cells/<track>/<partner>/<category>"


@dataclass(frozen=True, slots=True)
class Where:
    """Which cell of which version a page is about."""

    desk: Desk
    track: Track
    partner: Partner
    category: Category

    @property
    def document(self) -> AgreementDocument:
        """Give what the version says."""
        return table_of_text(self.desk.agreement.document).document

    @property
    def may_change(self) -> bool:
        """Tell whether the one who looks may change it now."""
        return self.desk.may_draft and self.desk.is_draft

    def change(self, cell: str, reason: str = "", comment: str = "") -> CellChange:
        """Give the change that writes this cell."""
        return CellChange(self.track, self.partner, self.category, cell, reason, comment)


@agreements.get(CELL)
def cell(agreement_id: bytes, track: str, partner: str, category: str) -> ResponseReturnValue:
    """Show one cell, and to who drafts the form to change it."""
    where = _where(agreement_id, track, partner, category)
    return _page(where, _as_it_is(where))


@agreements.post(CELL)
def change_cell(
    agreement_id: bytes, track: str, partner: str, category: str
) -> ResponseReturnValue:
    """Write one cell, or show first what that would do."""
    where = _where(agreement_id, track, partner, category)
    where.desk.drafter()
    form = forms.read(CellSchema(), request.form)
    if not form.is_valid:
        return _page(where, form), 422
    change, before = _typed(where, form), where.desk.agreement.document
    if form.data["look"]:
        return _page(where, form, change)
    try:
        now = drafting.edit(where.desk, change, seen=form.data["seen"])
    except ApplicationError as error:
        return _refused(_where(agreement_id, track, partner, category), form, change, error)
    tell_saved(_("Saved: %(cell)s", cell=cell_words.said(change.cell)), before, now)
    place = where.track, where.partner, where.category
    was, is_now = (table_of_text(one).document.cell(*place) for one in (before, now.document))
    # To the top of the page, where it says what was written: the form itself leads to its own part.
    address = {**_address(where), "_anchor": "main"}
    if is_now != was:
        address["changed"] = "yes"
    return redirect(url_for(".cell", **address), 303)


@agreements.post(f"{CELL}/consequence")
def cell_consequence(
    agreement_id: bytes, track: str, partner: str, category: str
) -> ResponseReturnValue:
    """Tell what the cell would do as it stands in the form; asked by the page itself."""
    where = _where(agreement_id, track, partner, category)
    where.desk.drafter()
    form = forms.read(CellSchema(), request.form)
    found = _consequence(where, _typed(where, form)) if form.is_valid else None
    return render_template("agreements/editor/consequence.html", desk=where.desk, consequence=found)


def _where(agreement_id: bytes, track: str, partner: str, category: str) -> Where:
    """Read which cell is meant; raises NotFoundError when the agreement has no such cell."""
    desk = desk_of(agreement_id)
    document = table_of_text(desk.agreement.document).document
    try:
        where = Where(desk, Track(track), Partner(partner), Category(category))
    except ValueError:
        raise NotFoundError from None
    is_known = where.partner in partners_of(document, where.track)
    if not is_known or where.category not in CATEGORIES[where.track]:
        raise NotFoundError
    return where


def _address(where: Where) -> dict[str, Any]:
    """Give the parts of the address of a cell."""
    return {
        "agreement_id": where.desk.agreement.id,
        "track": where.track,
        "partner": where.partner,
        "category": where.category,
    }


def _as_it_is(where: Where) -> Form:
    """Fill the form with the cell as it is now."""
    document, place = where.document, (where.track, where.partner, where.category)
    remark = document.remark(*place)
    return forms.blank(
        **cell_words.taken_apart(document.cell(*place)),
        reason=remark.reason,
        comment=remark.comment,
        seen=mark_at(document, place_of(where.change(""))),
    )


def _typed(where: Where, form: Form) -> CellChange:
    """Give the change that a form asks for.

    A repair that brings the cell back to the model takes the reason to depart from it along; the
    history keeps that.
    """
    data = form.data
    model = drafting.model_of(where.desk.agreement) if data["take"] else None
    if model is not None:
        as_in_model = model.cell(where.track, where.partner, where.category).text
        if data["take"] == as_in_model:
            return where.change(as_in_model, "", data["comment"])
    typed = cell_words.put_together(data["provide"], data["asked"], data["consult"], data["needed"])
    return where.change(data["take"] or typed, data["reason"], data["comment"])


def _refused(
    where: Where, form: Form, change: CellChange, error: ApplicationError
) -> ResponseReturnValue:
    """Show the form again with what stands in the way; nothing typed is lost."""
    conflict = error if isinstance(error, drafting.EditConflictError) else None
    return _page(where, refused(form, error), change, conflict), error.status


def _consequence(where: Where, change: CellChange) -> Consequence | None:
    """Tell what a change would do; nothing for one that cannot be."""
    try:
        return consequence(
            where.desk.agreement.document, change, catalogue_of(where.desk.agreement)
        )
    except EditError:
        return None


def _page(
    where: Where,
    form: Form,
    change: CellChange | None = None,
    conflict: drafting.EditConflictError | None = None,
) -> str:
    """Show a cell with its grounds, what it does in a stage, and the form of who may change it."""
    document, desk = where.document, where.desk
    table = table_of(desk.agreement)
    stage = asked_stage(where.track)
    place = where.partner, where.category
    model = drafting.model_of(desk.agreement)
    clause = table.clauses.of(where.track, *place)
    found = pairs(table, View(where.track, stage), where.category, where.partner)
    return render_template(
        "agreements/editor/cell.html",
        desk=desk,
        where=where,
        address=_address(where),
        form=form,
        conflict=conflict,
        consequence=None if change is None else _consequence(where, change),
        stage=stage,
        stages=stages_of(where.track),
        square=square_of(
            document,
            where.track,
            stage,
            place,
            model=model,
            violations=broken_by(desk.agreement),
        ),
        remark=document.remark(where.track, *place),
        clause=clause,
        asks_clause=where.may_change and _may_be_behind(where, clause, model),
        bases=document.legal_bases.get(where.track, {}).get(where.partner),
        gives=[pair for pair in found if pair.provider is where.partner],
        gets=[pair for pair in found if pair.consumer is where.partner],
        outcomes=[
            one
            for one in outcomes_of(desk.agreement)
            if one.example in examples_about(document, where.track, *place)
        ],
        choices=_choices(where) if where.may_change or form.errors else {},
    )


def _may_be_behind(where: Where, clause: Clause | None, model: AgreementDocument | None) -> bool:
    """Tell whether the words of a clause may lag behind its cell.

    They may just after the cell was changed, and as long as the cell is otherwise than in the model
    while the words are still those of the model.
    """
    if clause is None or "changed" in request.args:
        return "changed" in request.args
    if model is None:
        return False
    place = where.track, where.partner, where.category
    words = [one.text for one in model.clauses if (one.track, one.partner) == place[:2]]
    return model.cell(*place) != where.document.cell(*place) and clause.text in words


def _choices(where: Where) -> dict[str, list[tuple[str, ...]]]:
    """List what can be chosen on both sides, each condition with the law that asks it."""
    place = (where.track, where.partner, where.category)
    by_law = demanded(where.document, place, catalogue_of(where.desk.agreement))

    def about(field: str, letter: str) -> str:
        limit = by_law.get((field, letter))
        if limit is None:
            return cell_words.ARTICLES[letter]
        return str(_("Asked here by law: %(limit)s.", limit=limit))

    return {
        "provide": [(sign, str(text)) for sign, text in cell_words.PROVIDE.items()],
        "asked": [
            (letter, str(text), about("asked", letter))
            for letter, text in cell_words.ON_PROVIDE.items()
        ],
        "consult": [(sign, str(text)) for sign, text in cell_words.consult_choices(where.partner)],
        "needed": [
            (letter, str(text), about("needed", letter))
            for letter, text in cell_words.ON_CONSULT.items()
        ],
    }
