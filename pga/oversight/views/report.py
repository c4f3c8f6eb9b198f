"""The report of a month, counts only: to read, and as a PDF with the same figures."""

from datetime import date, timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from auth import queries as people
from auth.models import Organisation
from config import clock
from config.ids import from_hex
from pga.oversight import report_words
from pga.oversight.printing import print_paper
from pga.oversight.schemas import MonthSchema
from pga.oversight.service.report import Report, month_report
from pga.oversight.views.blueprint import chosen, office, oversight, places_of
from pga.web import forms

MONTHS_BACK = 12


@oversight.get("/oversight/report")
def report() -> ResponseReturnValue:
    """Show the report of a month."""
    form = forms.read(MonthSchema(), request.args)
    bench = chosen(office(), form.data["place"] if form.is_valid else "")
    made = month_report(bench, _month(form.data["month"] if form.is_valid else ""))
    page = render_template(
        "oversight/report.html",
        form=form,
        report=made,
        names=_names(made),
        months=_months(),
        bench=bench,
        told=report_words,
    )
    return page, 200 if form.is_valid else 422


@oversight.get("/oversight/report.pdf")
def report_pdf() -> ResponseReturnValue:
    """Give the report of a month on paper; what cannot be read in the address is the last month."""
    form = forms.read(MonthSchema(), request.args)
    data = form.data if form.is_valid else {"month": "", "place": ""}
    bench = chosen(office(), data["place"])
    made = month_report(bench, _month(data["month"]), Kind.EXPORTED)
    paper = report_words.paper_of(made, _names(made), places_of([bench])[0])
    return pdf_answer(print_paper(paper), _("log-%(month)s", month=made.month.strftime("%Y-%m")))


def pdf_answer(content: bytes, name: str) -> Response:
    """Give a PDF to keep under a name."""
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return response


def _names(made: Report) -> dict[bytes, Organisation]:
    """Read the names of the organisations in a report."""
    ids = [from_hex(one) for one, _count in made.by_organisation if one]
    return dict(people.organisations_by_id(ids))


def _month(text: str) -> date:
    """Read a month; without one, the month before this one."""
    if text:
        return date.fromisoformat(f"{text}-01")
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


def _months() -> list[date]:
    """List this month and the twelve before it."""
    found = [clock.today().replace(day=1)]
    while len(found) <= MONTHS_BACK:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
