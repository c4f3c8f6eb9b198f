"""Participants of a case: add, end, record who stands in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as accounts
from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.agreements.queries import table_of
from pga.cases.rules import ParticipantTask
from pga.dossier import words
from pga.dossier.casefile import CaseFile
from pga.dossier.rules import ItemKind
from pga.dossier.schemas import ParticipantSchema, StandInSchema
from pga.dossier.service import people
from pga.dossier.views.blueprint import dossier
from pga.policy.codes import PURPOSES, Track
from pga.sharing.service.changes import sit_down
from pga.sharing.service.disclose import Look, Selection, disclose_one
from pga.sharing.service.judge import signed_places
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

UNKNOWN = {"person": ["Choose from the list."]}
NAMES_ONLY = Look(select=Selection(kinds=frozenset({ItemKind.IDENTITY})))


@dossier.get("/cases/<id:case_id>/participants")
def participants(case_id: bytes) -> ResponseReturnValue:
    """Show who takes part, as far as the viewer may know, and the forms to change it."""
    return _page(case_id, forms.blank(), forms.blank())


@dossier.post("/cases/<id:case_id>/participants")
def add_participant(case_id: bytes) -> ResponseReturnValue:
    """Name somebody in the case."""
    form = forms.read(ParticipantSchema(), request.form)
    if not form.is_valid:
        return _page(case_id, form, forms.blank()), 422
    membership = accounts.membership(from_hex(form.data["person"]))
    if membership is None:
        return _page(case_id, form.refused(UNKNOWN), forms.blank()), 422
    desk = sit_down(current_viewer(), case_id)
    try:
        people.name_participant(
            desk,
            people.NewPerson(
                membership.person_id,
                membership.organisation_id,
                membership.partner,
                ParticipantTask(form.data["task"]),
                form.data["until_on"],
                form.data["purpose"] or None,
            ),
        )
    except InvalidInputError as refused:
        return _page(case_id, form.refused(refused.fields), forms.blank()), 422
    flash(_("The participant is named."), "success")
    return redirect(url_for(".participants", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/participants/<id:participant_id>/end")
def end_participant(case_id: bytes, participant_id: bytes) -> ResponseReturnValue:
    """End the task of a participant; who ended the own one goes on to the cases that are left."""
    desk = sit_down(current_viewer(), case_id)
    people.end_task(desk, participant_id)
    flash(_("The task is ended. It counts no more from the next page on."), "success")
    if participant_id == desk.seat.participant_id:
        return redirect(url_for(".cases_list"), 303)
    return redirect(url_for(".participants", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/participants/<id:participant_id>/stand-in")
def stand_in(case_id: bytes, participant_id: bytes) -> ResponseReturnValue:
    """Record who stands in for a participant."""
    form = forms.read(StandInSchema(), request.form)
    if not form.is_valid:
        return _page(case_id, forms.blank(), form, participant_id), 422
    membership = accounts.membership(from_hex(form.data["person"]))
    if membership is None:
        return _page(case_id, forms.blank(), form.refused(UNKNOWN), participant_id), 422
    desk = sit_down(current_viewer(), case_id)
    try:
        people.stand_in(desk, participant_id, membership.person_id, form.data["until_on"])
    except InvalidInputError as refused:
        page = _page(case_id, forms.blank(), form.refused(refused.fields), participant_id)
        return page, 422
    flash(_("The replacement is recorded."), "success")
    return redirect(url_for(".participants", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/replacements/<id:replacement_id>/end")
def end_stand_in(case_id: bytes, replacement_id: bytes) -> ResponseReturnValue:
    """End a replacement."""
    people.end_stand_in(sit_down(current_viewer(), case_id), replacement_id)
    flash(_("The replacement is ended."), "success")
    return redirect(url_for(".participants", case_id=case_id), 303)


def _page(case_id: bytes, form: Form, replacement: Form, replaced: bytes = b"") -> str:
    """Show the participants with what this seat may change; one entry in the log.

    `replaced` is the participant whose form of a replacement comes back with what was typed.
    """
    file = CaseFile(disclose_one(current_viewer(), case_id, NAMES_ONLY))
    signed = signed_places(file.facts)
    today = clock.today()
    everyone = accounts.people_of_municipality(file.case.municipality, today)
    is_lead = file.seat.partner in people.LEADS
    place = (file.seat.organisation_id, file.seat.partner)
    choices = [
        (one.id.hex(), f"{one.person.name}, {one.organisation.name}")
        for one in everyone
        if (one.organisation_id, one.partner) in signed
        and (is_lead or file.seat.owns(one.organisation_id, one.partner))
    ]
    colleagues = {
        member.participant.id: [
            (one.id.hex(), one.person.name)
            for one in everyone
            if one.organisation_id == member.participant.organisation_id
            and one.partner == member.participant.partner
            and one.person_id != member.participant.person_id
        ]
        for member in file.members
    }
    may_name = file.facts.is_in_force and place in signed
    purposes = PURPOSES[Track(file.case.track)]
    known = table_of(file.facts.agreement).document.purposes(Track(file.case.track))
    return render_template(
        "dossier/participants.html",
        file=file,
        form=form,
        replacement=replacement,
        replaced=replaced,
        is_lead=is_lead,
        choices=choices if may_name else [],
        colleagues=colleagues if may_name else {},
        tasks=[(code, words.task(code)) for code in ParticipantTask],
        purposes=[(code, words.purpose(code)) for code in purposes if code in known],
        instead={
            r.participant_id: r
            for r in file.facts.replacements
            if r.ended_on is None and r.until_on >= today
        },
    )
