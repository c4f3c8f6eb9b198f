"""Weighing notes and disclosure decisions: what else a cell may ask for."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.policy.codes import PURPOSES, Track
from pga.sharing import queries, words
from pga.sharing.rules import ARTICLES_OF
from pga.sharing.schemas import DecisionSchema, NoteSchema
from pga.sharing.service import decisions
from pga.sharing.service.changes import Desk, require_partner, sit_down
from pga.sharing.service.disclose import Look, Selection, disclose_one
from pga.sharing.viewer import current_viewer
from pga.sharing.views.blueprint import category_choices, organisation_choices, sharing
from pga.web import forms
from pga.web.forms import Form

THREE_MONTHS = timedelta(days=91)
A_YEAR = timedelta(days=365)


@sharing.get("/cases/<id:case_id>/notes")
def notes(case_id: bytes) -> ResponseReturnValue:
    """Show the weighing notes of one's own organisation and ask for a new one."""
    desk = sit_down(current_viewer(), case_id)
    review = (clock.today() + THREE_MONTHS).isoformat()
    form = forms.blank(category=request.args.get("category", ""), review_on=review)
    return _notes_page(desk, form)


@sharing.post("/cases/<id:case_id>/notes")
def record_note(case_id: bytes) -> ResponseReturnValue:
    """Record a weighing note."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(NoteSchema(), request.form)
    if not form.is_valid:
        return _notes_page(desk, form), 422
    new = decisions.NewNote(
        category=form.data["category"],
        recipients=[from_hex(text) for text in form.data["recipients"]],
        answers={question: form.data[question] for question in decisions.QUESTIONS},
        review_on=form.data["review_on"],
    )
    try:
        decisions.record_note(desk, new)
    except InvalidInputError as refused:
        return _notes_page(desk, form.refused(refused.fields)), 422
    flash(_("The weighing note is recorded and holds until its review date."), "success")
    return redirect(url_for(".notes", case_id=case_id), 303)


@sharing.post("/cases/<id:case_id>/notes/<id:note_id>/approve")
def approve_note(case_id: bytes, note_id: bytes) -> ResponseReturnValue:
    """Approve a note of a colleague."""
    decisions.approve_note(sit_down(current_viewer(), case_id), note_id)
    flash(_("Approved."), "success")
    return redirect(url_for(".notes", case_id=case_id), 303)


@sharing.get("/cases/<id:case_id>/decisions")
def disclosure(case_id: bytes) -> ResponseReturnValue:
    """Show the disclosure decisions of one's own organisation and ask for a new one."""
    desk = sit_down(current_viewer(), case_id)
    require_partner(desk, *ARTICLES_OF)
    return _decisions_page(desk, forms.blank(valid_until=(clock.today() + A_YEAR).isoformat()))


@sharing.post("/cases/<id:case_id>/decisions")
def record_decision(case_id: bytes) -> ResponseReturnValue:
    """Record a disclosure decision."""
    desk = sit_down(current_viewer(), case_id)
    require_partner(desk, *ARTICLES_OF)
    form = forms.read(DecisionSchema(), request.form)
    if not form.is_valid:
        return _decisions_page(desk, form), 422
    data = dict(form.data)
    data["recipients"] = [from_hex(text) for text in data["recipients"]]
    try:
        decisions.record_decision(desk, decisions.NewDecision(**data))
    except InvalidInputError as refused:
        return _decisions_page(desk, form.refused(refused.fields)), 422
    flash(_("The decision is recorded. What it names is open from now on."), "success")
    return redirect(url_for(".disclosure", case_id=case_id), 303)


@sharing.post("/cases/<id:case_id>/decisions/<id:decision_id>/withdraw")
def withdraw_decision(case_id: bytes, decision_id: bytes) -> ResponseReturnValue:
    """Withdraw a disclosure decision."""
    decisions.withdraw_decision(sit_down(current_viewer(), case_id), decision_id)
    flash(_("The decision is withdrawn. What rested on it is closed."), "success")
    return redirect(url_for(".disclosure", case_id=case_id), 303)


def _notes_page(desk: Desk, form: Form) -> str:
    """Show notes with what was weighed, and the form.

    The note over the whole case is for the municipality. Who approves reads the answers first, and
    that is a look like any other.
    """
    rows = queries.notes_of(desk.facts.case.id, desk.seat.organisation_id)
    own = [row for row in rows if row.partner == desk.seat.partner]
    choices = category_choices(desk)
    if desk.seat.partner == "GPR":
        choices = [("CASE", words.category("CASE")), *choices]
    ids = {bytes.fromhex(text) for row in own for text in row.recipients}
    persons = people.people_by_id({row.author_id for row in own})
    look = Look(Kind.OPENED, Selection(kinds=frozenset({decisions.WEIGHING})))
    opened = disclose_one(desk.viewer, desk.facts.case.id, look).items if own else []
    return render_template(
        "sharing/notes.html",
        desk=desk,
        form=form,
        rows=own,
        names=people.organisations_by_id(ids),
        persons=persons,
        weighed={item.id: item.content for item in opened},
        categories=choices,
        organisations=organisation_choices(desk),
        questions=list(words.QUESTIONS.items()),
    )


def _decisions_page(desk: Desk, form: Form) -> str:
    """Show decisions and form, and for each the line for the register."""
    rows = decisions.decisions_at(desk)
    ids = {bytes.fromhex(text) for row in rows for text in row.recipients}
    return render_template(
        "sharing/decisions.html",
        desk=desk,
        form=form,
        rows=[
            (row, words.register_line(decisions.register_line(row, desk.facts.case.number)))
            for row in rows
        ],
        names=people.organisations_by_id(ids),
        articles=[(a, words.ARTICLES[a]) for a in sorted(ARTICLES_OF[desk.seat.partner])],
        categories=[("SIGNAL", words.category("SIGNAL")), *category_choices(desk)],
        organisations=organisation_choices(desk),
        purposes=[(p, words.purpose(p)) for p in PURPOSES[Track(desk.facts.case.track)]],
    )
