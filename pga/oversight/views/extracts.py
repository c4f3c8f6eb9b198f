"""The citizen's extract: ask for it, check it line by line, release it, print it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from config.ids import from_hex
from pga.oversight import extract_words, extracts
from pga.oversight.extracts import Applicant, Ruling
from pga.oversight.printing import print_paper
from pga.oversight.schemas import ExtractSchema, RulingsSchema
from pga.oversight.service import extracting
from pga.oversight.service.extracting import (
    Extract,
    TooManyLinesError,
    UncheckedExtractError,
    Wanted,
)
from pga.oversight.views.blueprint import office, oversight
from pga.oversight.views.report import pdf_answer
from pga.web import forms
from pga.web.filters import day
from pga.web.forms import Form
from pga.web.i18n import speaking

SPOKEN = "nl"
"""What is given to a youth is Dutch, whatever the language of the officer."""


@oversight.get("/oversight/cases/<id:case_id>/extract")
def extract_form(case_id: bytes) -> ResponseReturnValue:
    """Ask over which days, and list the extracts there are."""
    today = clock.today()
    return _form(case_id, forms.blank(asked_on=today.isoformat(), until=today.isoformat()))


@oversight.post("/oversight/cases/<id:case_id>/extract")
def prepare_extract(case_id: bytes) -> ResponseReturnValue:
    """Prepare an extract, and go on to check it."""
    form = forms.read(ExtractSchema(), request.form)
    if not form.is_valid:
        return _form(case_id, form, 422)
    wanted = Wanted(**{**form.data, "asked_by": Applicant(form.data["asked_by"])})
    try:
        made = extracting.prepare(office(), case_id, wanted)
    except TooManyLinesError as refused:
        return _form(case_id, form.refused({"since": [_too_many(refused)]}), 422)
    except InvalidInputError as refused:
        return _form(case_id, form.refused(refused.fields), 422)
    return redirect(url_for(".extract", extract_id=made), 303)


@oversight.get("/oversight/extracts/<id:extract_id>")
def extract(extract_id: bytes) -> ResponseReturnValue:
    """Show every line with what must be decided; a released one only to read and to print."""
    found = extracting.read(office(), extract_id)
    return _check(found, forms.blank(**_proposed(found)))


@oversight.post("/oversight/extracts/<id:extract_id>")
def check_extract(extract_id: bytes) -> ResponseReturnValue:
    """Keep what was decided; release it when that is asked and nothing is left open."""
    form = forms.read(RulingsSchema(), request.form)
    found = office()
    if not form.is_valid:
        return _check(extracting.read(found, extract_id), form, 422)
    rulings = {
        from_hex(one["id"]): Ruling(one["ruling"]) for one in form.data["lines"] if one["ruling"]
    }
    try:
        extracting.decide(found, extract_id, rulings)
    except InvalidInputError as refused:
        form = form.refused(refused.fields)
        return _check(extracting.read(found, extract_id), form, 422)
    if form.data["step"] == "save":
        flash(_("Kept. Nothing is released yet."), "success")
        return redirect(url_for(".extract", extract_id=extract_id), 303)
    try:
        extracting.release(found, extract_id)
    except UncheckedExtractError as refused_:
        form = form.refused({"": [str(refused_.message)]})
        return _check(extracting.read(found, extract_id), form, 422)
    flash(_("Released. You can print it or download it now."), "success")
    return redirect(url_for(".extract", extract_id=extract_id), 303)


@oversight.get("/oversight/extracts/<id:extract_id>/print")
def print_extract(extract_id: bytes) -> ResponseReturnValue:
    """Show a released extract as a page to print."""
    found = extracting.hand_out(office(), extract_id, Kind.PRINTED)
    with speaking(SPOKEN):
        paper = extract_words.paper_of(found, _organisation(found))
    return render_template("oversight/extract_paper.html", extract=found, paper=paper)


@oversight.get("/oversight/extracts/<id:extract_id>/pdf")
def extract_pdf(extract_id: bytes) -> ResponseReturnValue:
    """Give a released extract as a PDF; neither it nor its name holds a name."""
    found = extracting.hand_out(office(), extract_id, Kind.EXPORTED)
    with speaking(SPOKEN):
        content = print_paper(extract_words.paper_of(found, _organisation(found)))
        name = _("extract-%(number)s", number=found.case.number)
    return pdf_answer(content, name)


def _form(case_id: bytes, form: Form, status: int = 200) -> ResponseReturnValue:
    """Show the form with the extracts of a case."""
    bench, made = extracting.extracts_of(office(), case_id)
    page = render_template(
        "oversight/extract_form.html",
        form=form,
        case=bench.cases[case_id.hex()],
        made=made,
        may_execute=extracting.may_execute(bench),
        most=extracting.MOST_LINES,
        told=extract_words,
    )
    return page, status


def _too_many(refused: TooManyLinesError) -> str:
    """Say how many lines an extract holds, and how to get the others."""
    most = extracting.MOST_LINES
    if refused.until is None:
        text = _(
            "These days give more than %(most)s lines, and an extract holds no more: somebody "
            "checks each of them. Choose fewer days, such as one month.",
            most=most,
        )
    else:
        text = _(
            "These days give more than %(most)s lines, and an extract holds no more: somebody "
            "checks each of them. Up to and including %(day)s they fit. Prepare that extract "
            "first, and then one from the day after.",
            most=most,
            day=day(refused.until),
        )
    return str(text)


def _check(found: Extract, form: Form, status: int = 200) -> ResponseReturnValue:
    """Show an extract with its lines, each as it will be printed."""
    with speaking(SPOKEN):
        sentences = [extract_words.sentence(one) for one in found.lines]
    page = render_template(
        "oversight/extract.html",
        extract=found,
        form=form,
        sentences=sentences,
        may_execute=extracting.may_execute(found.bench),
        answer_before=found.row.asked_on + extract_words.ANSWER_WITHIN,
        told=extract_words,
    )
    return page, status


def _proposed(found: Extract) -> dict[str, str]:
    """Fill in what was decided; an ordinary line is proposed to be given, no other ever is."""
    filled = {}
    for one in found.lines:
        proposed = one.ruling or (extracts.ticked_before(one.cautions) if one.row else None)
        filled[f"lines.{one.line.position}.ruling"] = str(proposed or "")
    return filled


def _organisation(found: Extract) -> str:
    """Name the organisation that answers."""
    ids = [found.row.organisation_id]
    return people.organisations_by_id(ids)[found.row.organisation_id].name
