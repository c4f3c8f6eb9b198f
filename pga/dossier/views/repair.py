"""Herstellen: correct, withdraw, wrong case and undo of own items."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from audit.entries import Kind
from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from pga.cases.models import WorkTask
from pga.dossier import words
from pga.dossier.casefile import CaseFile
from pga.dossier.rules import can_undo, must_be_neutral, objections
from pga.dossier.schemas import CorrectionSchema
from pga.dossier.service import repairs
from pga.dossier.service.contributions import BOUND
from pga.dossier.views.blueprint import dossier
from pga.records.models import SealedItem
from pga.sharing.service.changes import own_item, sit_down
from pga.sharing.service.disclose import Look, Selection, disclose_one
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form


@dossier.get("/cases/<id:case_id>/items/<id:item_id>/repair")
def repair(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Show who read an own item and the ways to repair it."""
    desk = sit_down(current_viewer(), case_id)
    row = own_item(desk, item_id)
    read_by = repairs.readers_of(desk, row)
    persons = people.people_by_id({bytes.fromhex(reading.person) for reading in read_by})
    organisations = people.organisations_by_id(
        {bytes.fromhex(reading.organisation) for reading in read_by}
    )
    look = Look(Kind.OPENED, Selection(item_ids=frozenset({item_id})))
    file = CaseFile(disclose_one(current_viewer(), case_id, look))
    return render_template(
        "dossier/repair.html",
        file=file,
        item=file.disclosure.items[0],
        is_current=row.status == "current",
        can_undo=can_undo(row.created_at, clock.now(), was_opened=bool(read_by)),
        readings=[
            (
                reading.at,
                persons[bytes.fromhex(reading.person)].name,
                organisations[bytes.fromhex(reading.organisation)].name,
            )
            for reading in read_by
        ],
    )


@dossier.get("/cases/<id:case_id>/items/<id:item_id>/correct")
def correct(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Show an own item in a form, to be corrected."""
    row = own_item(sit_down(current_viewer(), case_id), item_id)
    look = Look(Kind.OPENED, Selection(item_ids=frozenset({item_id})))
    file = CaseFile(disclose_one(current_viewer(), case_id, look))
    item = file.disclosure.items[0]
    form = forms.blank(
        title=str(item.content.get("title", "")),
        text=str(item.content.get("text", "")),
        version=str(item.row.row_version),
    )
    return _correct_page(row, form)


@dossier.post("/cases/<id:case_id>/items/<id:item_id>/correct")
def correct_it(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Save a new version; what the form does not show stays as it was."""
    desk = sit_down(current_viewer(), case_id)
    row = own_item(desk, item_id)
    form = forms.read(CorrectionSchema(), request.form)
    if not form.is_valid:
        return _correct_page(row, form), 422
    found = [o.message for name in ("title", "text") for o in objections(form.data[name])]
    if found:
        return _correct_page(row, form.refused({"text": found})), 422
    look = Look(Kind.OPENED, Selection(item_ids=frozenset({item_id})))
    before = disclose_one(current_viewer(), case_id, look).items[0]
    content = {**before.content, "title": form.data["title"], "text": form.data["text"]}
    try:
        told = repairs.correct(desk, item_id, content, form.data["version"])
    except InvalidInputError as refused:
        return _correct_page(row, form.refused(refused.fields)), 422
    _say_told(_("The correction is saved."), told)
    return redirect(url_for(".item", case_id=case_id, item_id=item_id), 303)


@dossier.post("/cases/<id:case_id>/items/<id:item_id>/withdraw")
def withdraw(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Withdraw an own item."""
    told = repairs.withdraw_item(sit_down(current_viewer(), case_id), item_id)
    _say_told(_("The item is withdrawn; it is closed to everybody else."), told)
    return redirect(url_for(".repair", case_id=case_id, item_id=item_id), 303)


@dossier.post("/cases/<id:case_id>/items/<id:item_id>/wrong-case")
def wrong_case(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Put an own item down as of the wrong case."""
    told = repairs.wrong_case(sit_down(current_viewer(), case_id), item_id)
    _say_told(
        _("The item is closed to everybody else. A task for a possible data breach is waiting."),
        told,
    )
    return redirect(url_for(".repair", case_id=case_id, item_id=item_id), 303)


@dossier.post("/cases/<id:case_id>/items/<id:item_id>/undo")
def undo(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Take an own item back."""
    repairs.undo(sit_down(current_viewer(), case_id), item_id)
    flash(_("Taken back. The log keeps that it was there."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


def _correct_page(row: SealedItem, form: Form) -> str:
    """Show the form of a correction; a provider bound by secrecy chooses a fixed wording."""
    is_bound = must_be_neutral(row.owner_partner, row.category, BOUND)
    return render_template(
        "dossier/correct.html",
        case_id=row.case_id,
        item_id=row.id,
        form=form,
        neutral=words.neutral_choices() if is_bound else [],
    )


def _say_told(done: str, told: list[WorkTask]) -> None:
    """Say what was done and how many readers were told."""
    count = len({task.person_id for task in told})
    more = (
        ngettext("%(num)s reader was told.", "%(num)s readers were told.", count) if count else ""
    )
    flash(f"{done} {more}".strip(), "success")
