"""Mijn werk, the list of cases, and search."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import current
from config.clock import today
from config.errors import InvalidInputError
from pga.agreements import life_words
from pga.agreements.municipalities import name_of
from pga.agreements.service.desk import Colleague
from pga.agreements.service.reminding import waiting_for
from pga.cases import queries as cases
from pga.dossier.schemas import SearchSchema
from pga.dossier.service import tasks
from pga.dossier.service.signals import Search, find
from pga.dossier.views.blueprint import dossier
from pga.dossier.work import running_files, work_of
from pga.records.service import Identity
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form


@dossier.get("/")
def home() -> ResponseReturnValue:
    """Show what waits for the viewer, over all municipalities the viewer serves."""
    viewer = current_viewer()
    here = Colleague(
        viewer.person_id, viewer.session, viewer.auth_level, current.live_memberships()
    )
    return render_template(
        "dossier/home.html",
        work=work_of(viewer),
        agreed=waiting_for(here),
        lives=life_words,
        town=name_of,
    )


@dossier.post("/notices/<id:task_id>/done")
def notice_done(task_id: bytes) -> ResponseReturnValue:
    """Mark as done what one was told of something read before, without a seat in its case."""
    tasks.finish_notice(current_viewer(), task_id)
    flash(_("Done."), "success")
    return redirect(url_for(".home"), 303)


@dossier.get("/cases")
def cases_list() -> ResponseReturnValue:
    """List the cases the viewer takes part in."""
    found = running_files(current_viewer())
    return render_template("dossier/cases.html", files=found.running, faulty=found.faulty)


@dossier.get("/search")
def search() -> ResponseReturnValue:
    """Ask what is sought; names are only ever posted, never in an address."""
    return _search_page(forms.blank())


@dossier.post("/search")
def find_case() -> ResponseReturnValue:
    """Find a case by number or by the name and birth date of the youth, in one's own cases."""
    form = forms.read(SearchSchema(), request.form)
    if not form.is_valid:
        return _search_page(form), 422
    viewer = current_viewer()
    number = form.data["q"].strip()
    if number:
        own = {case.number: case.id for case in cases.cases_of_person(viewer.person_id, today())}
        if number in own:
            return redirect(url_for(".case", case_id=own[number]), 303)
        return _search_page(form, Search())
    has_name = form.data["surname"] and form.data["born_on"]
    if not has_name and not form.data["bsn"]:
        problems = {"q": [_("Fill in a case number, or a surname with a birth date.")]}
        return _search_page(form.refused(problems)), 422
    who = Identity(
        bsn=form.data["bsn"] or None,
        surnames=(form.data["surname"],) if form.data["surname"] else (),
        given_names=form.data["first_name"],
        born_on=form.data["born_on"],
    )
    try:
        found = find(viewer, {place.municipality for place in viewer.places}, who)
    except InvalidInputError as refused:
        return _search_page(form.refused(refused.fields)), 422
    return _search_page(form, found)


def _search_page(form: Form, result: Search | None = None) -> str:
    """Show the form, with what was found once something was sought."""
    return render_template("dossier/search.html", form=form, result=result)
