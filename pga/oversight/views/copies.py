"""Copies of a table for outside the program: as a file or on paper, each with its own reason."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from config.errors import InvalidInputError
from pga.oversight import paper, words
from pga.oversight.rules import LookReason, Show
from pga.oversight.schemas import CopySchema
from pga.oversight.service.asking import Question
from pga.oversight.service.copying import Copy, copy_of_case, copy_of_person
from pga.oversight.service.looking import cases_of_youth
from pga.oversight.service.rows import Directory
from pga.oversight.views.blueprint import asked, chosen, office, oversight
from pga.oversight.views.cases import organisations_of
from pga.web import forms
from pga.web.forms import Form


@oversight.get("/oversight/cases/<id:case_id>/copy")
def case_copy(case_id: bytes) -> ResponseReturnValue:
    """Ask why and how who saw a youth is copied; nothing of the log is read for it."""
    form = asked().form
    return _case_form(case_id, form, 200 if form.is_valid else 422)


@oversight.post("/oversight/cases/<id:case_id>/copy")
def copy_case(case_id: bytes) -> ResponseReturnValue:
    """Copy who saw the youth of a case, after an entry of its own."""
    form = forms.read(CopySchema(), request.form)
    if not form.is_valid:
        return _case_form(case_id, form, 422)
    try:
        copy = copy_of_case(office(), case_id, _question(form), Kind(form.data["kind"]))
    except InvalidInputError as refused:
        return _case_form(case_id, form.refused(refused.fields), 422)
    return _given(copy, form)


@oversight.get("/oversight/people/<id:person_id>/copy")
def person_copy(person_id: bytes) -> ResponseReturnValue:
    """Ask why and how what somebody saw is copied; nothing of the log is read for it."""
    form = asked().form
    return _person_form(person_id, form, 200 if form.is_valid else 422)


@oversight.post("/oversight/people/<id:person_id>/copy")
def copy_person(person_id: bytes) -> ResponseReturnValue:
    """Copy what somebody saw, after an entry of its own."""
    form = forms.read(CopySchema(), request.form)
    if not form.is_valid:
        return _person_form(person_id, form, 422)
    bench = chosen(office(), form.data["place"])
    try:
        copy = copy_of_person(bench, person_id, _question(form), Kind(form.data["kind"]))
    except InvalidInputError as refused:
        return _person_form(person_id, form.refused(refused.fields), 422)
    return _given(copy, form)


def _case_form(case_id: bytes, form: Form, status: int = 200) -> ResponseReturnValue:
    """Show the form for a case within the benches."""
    bench, _theirs = cases_of_youth(office(), case_id)
    page = render_template(
        "oversight/copy.html",
        form=form,
        action=url_for(".copy_case", case_id=case_id),
        back=url_for(".case", case_id=case_id),
        case=bench.cases[case_id.hex()],
        organisations=organisations_of(bench, case_id),
        shows=words.shown(*Show),
    )
    return page, status


def _person_form(person_id: bytes, form: Form, status: int = 200) -> ResponseReturnValue:
    """Show the form for a person, whether there is such a person or not."""
    bench = chosen(office(), str(form.value("place")))
    page = render_template(
        "oversight/copy.html",
        form=form,
        action=url_for(".copy_person", person_id=person_id),
        back=url_for(".person", person_id=person_id, place=form.value("place") or None),
        own=bench.staff.get(person_id.hex()),
        shows=words.shown(*(show for show in Show if show is not Show.OVERSIGHT)),
    )
    return page, status


def _question(form: Form) -> Question:
    """Read what is to be copied."""
    data = form.data
    return Question(
        reason=LookReason(data["reason"]),
        show=Show(data["show"]),
        since=data["since"],
        until=data["until"],
        organisation=data["organisation"] or None,
    )


def _given(copy: Copy, form: Form) -> ResponseReturnValue:
    """Give a copy as a file, or as a page to print."""
    names = Directory(copy.bench, (copy.accesses,))
    rows = names.rows(copy.accesses)
    if form.data["kind"] == Kind.EXPORTED:
        about = copy.case.number if copy.case else _("employee")
        name = _("accesses-%(about)s-entry-%(entry)s.csv", about=about, entry=copy.entry)
        answer = Response(paper.file_of(rows), mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer
    own = copy.bench.staff.get(copy.person) if copy.person else None
    return render_template(
        "oversight/printed.html", copy=copy, rows=rows, question=_question(form), own=own
    )
