"""The start of oversight: three questions, one line about the log, and the search for a case."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.errors import InvalidInputError
from pga.oversight import queries, standing_words
from pga.oversight.queries import CaseName
from pga.oversight.rules import BROKEN, LogVerdict, LookReason
from pga.oversight.schemas import NumberSchema, PersonSchema
from pga.oversight.service.looking import find_number, find_person
from pga.oversight.service.record_check import check_now, faulty_cases, faulty_rules
from pga.oversight.service.standing import log_health
from pga.oversight.service.verification import verify_now
from pga.oversight.views.blueprint import office, oversight
from pga.oversight.views.status import records_of, status_of
from pga.records.service import Identity
from pga.web import forms
from pga.web.forms import Form


@oversight.get("/oversight")
def start() -> ResponseReturnValue:
    """Ask one of three questions, and see whether the log is whole."""
    return _start(forms.blank(reason=LookReason.ROUTINE))


def _start(form: Form, status: int = 200, *, nothing: bool = False) -> ResponseReturnValue:
    """Show the start page with a form as it was filled in."""
    found = office()
    health = log_health()
    last, records = health.verified, queries.last_record_check()
    page = render_template(
        "oversight/start.html",
        form=form,
        last=last,
        line=status_of(last),
        health=health,
        standing=standing_words,
        records=records,
        records_line=records_of(records),
        faulty=faulty_cases(records, found) if records else [],
        faulty_rules=faulty_rules(records) if records else [],
        nothing=nothing,
    )
    return page, status


@oversight.post("/oversight/verify")
def verify() -> ResponseReturnValue:
    """Verify the whole log and check all stored records now."""
    found = verify_now(office()[0])
    if check_now().problems:
        flash(_("Checked: stored records are not as they were written."), "error")
    if found.verdict == LogVerdict.OK:
        flash(_("Checked: all %(size)s entries of the log are whole.", size=found.size), "success")
    elif found.verdict in BROKEN:
        flash(_("Checked: the log is not as it was written."), "error")
    else:
        flash(_("The log could not be checked completely."), "warning")
    return redirect(url_for(".start"), 303)


@oversight.post("/oversight/find")
def find() -> ResponseReturnValue:
    """Find a case by its number; one outside the bench is not found, like one that is not there."""
    form = forms.read(NumberSchema(), request.form)
    if not form.is_valid:
        return _start(form, 422)
    reason = LookReason(form.data["reason"])
    found = find_number(office(), form.data["number"], reason)
    return _to_case(found, reason) if found else _start(form, nothing=True)


@oversight.get("/oversight/find-person")
def youth_form() -> ResponseReturnValue:
    """Ask for a youth by name and birth date, or by BSN; these are only ever posted."""
    office()
    form = forms.blank(reason=LookReason.ROUTINE)
    return render_template("oversight/find_person.html", form=form, found=None)


@oversight.post("/oversight/find-person")
def find_youth() -> ResponseReturnValue:
    """Find the cases that may be about somebody."""
    form = forms.read(PersonSchema(), request.form)
    if not form.is_valid:
        return render_template("oversight/find_person.html", form=form, found=None), 422
    reason = LookReason(form.data["reason"])
    who = Identity(
        bsn=form.data["bsn"] or None,
        surnames=(form.data["surname"],) if form.data["surname"] else (),
        born_on=form.data["born_on"],
    )
    try:
        found = find_person(office(), who, reason)
    except InvalidInputError as refused:
        form = form.refused(refused.fields)
        return render_template("oversight/find_person.html", form=form, found=None), 422
    if len(found) == 1:
        return _to_case(found, reason)
    return render_template("oversight/find_person.html", form=form, found=found, reason=reason)


def _to_case(found: list[CaseName], reason: LookReason) -> ResponseReturnValue:
    """Go to the page of the only case found."""
    return redirect(url_for(".case", case_id=found[0].id, reason=reason), 303)
