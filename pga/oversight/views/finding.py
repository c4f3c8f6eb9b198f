"""Searching all of the log, and who opened what of whom."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from auth import queries as people
from config import clock
from config.ids import ID_BYTES, from_hex
from pga.oversight import words
from pga.oversight.rules import LookReason, Show
from pga.oversight.schemas import DisclosuresSchema, SearchSchema
from pga.oversight.service.asking import Found, Question
from pga.oversight.service.copying import MOST_ROWS, TooMuchToCopyError
from pga.oversight.service.disclosures import Disclosed, disclosures
from pga.oversight.service.looking import search as search_log
from pga.oversight.service.rows import Directory
from pga.oversight.views.blueprint import Asked, chosen, office, oversight, places
from pga.oversight.views.cases import organisations_of_cases
from pga.web import forms
from pga.web.filters import month
from pga.web.forms import Form

MOST_SHOWN = 100
MOST_MONTHS = 12
ONE_DAY = timedelta(days=1)
SEARCHED_BY = ("number", "person", "organisation", "category", "purpose", "kind", "since", "until")


@oversight.get("/oversight/search")
def search() -> ResponseReturnValue:
    """Search the log by case, employee, organisation, category, purpose, kind and days."""
    form = forms.read(SearchSchema(), request.args)
    data = form.data or SearchSchema().load({})
    benches = office()
    bench = chosen(benches, data["place"])
    question = _question(data)
    case = next((one for one in bench.cases.values() if one.number == data["number"].strip()), None)
    if data["number"].strip() and case is None:
        form = form.refused({"number": ["There is no case with this number that you oversee."]})
    found = Found()
    is_asked = data["show"] or any(data[name] for name in SEARCHED_BY)
    if form.is_valid and is_asked:
        found = search_log(bench, replace(question, case=case.id.hex() if case else None))
    form = Form({**form.values, "reason": str(question.reason)}, form.errors)
    at = Asked(form, question, data["place"], is_narrowed=bool(is_asked))
    page = render_template(
        "oversight/search.html",
        at=at,
        form=form,
        bench=bench,
        places=places(benches, bench, at),
        is_asked=is_asked,
        rows=Directory(bench, (found.accesses,)).rows(found.accesses),
        older=_address(data, before=found.older) if found.older is not None else "",
        newest=_address(data, before=None) if data["before"] is not None else "",
        staff=sorted(
            ((key, one.person.name) for key, one in bench.staff.items()), key=lambda one: one[1]
        ),
        organisations=organisations_of_cases(bench, [from_hex(one) for one in bench.cases]),
    )
    return page, 200 if form.is_valid else 422


@oversight.get("/oversight/disclosures")
def disclosed() -> ResponseReturnValue:
    """Show how often which organisation opened what another brought, this month unless asked."""
    form = forms.read(DisclosuresSchema(), request.args)
    data = form.data or DisclosuresSchema().load({})
    benches = office()
    bench = chosen(benches, data["place"])
    since = data["since"]
    if since is None and data["until"] is None:
        since = clock.today().replace(day=1)
        form = Form({**form.values, "since": since.isoformat()}, form.errors)
    question = Question(LookReason(data["reason"]), since=since, until=data["until"])
    rows: list[Disclosed] = []
    at = Asked(form, question, data["place"], is_narrowed=True)
    months: list[tuple[str, str, bool]] = []
    if form.is_valid:
        try:
            rows = disclosures(bench, question)
        except TooMuchToCopyError:
            months = _months(at)
            form = form.refused({"since": [_too_many()]})
    wanted = next(
        (one for one in rows if (one.giver, one.taker) == (data["giver"], data["taker"])), None
    )
    accesses = wanted.accesses[:MOST_SHOWN] if wanted else []
    page = render_template(
        "oversight/disclosures.html",
        at=at,
        form=form,
        bench=bench,
        places=places(benches, bench, at),
        months=months,
        rows=rows,
        names=_names(rows),
        wanted=wanted,
        accesses=Directory(bench, (accesses,)).rows(accesses),
    )
    return page, 200 if form.is_valid else 422


def _question(data: dict[str, Any]) -> Question:
    """Read what is searched for, but for the case."""
    return Question(
        reason=LookReason(data["reason"]),
        show=Show(data["show"]),
        since=data["since"],
        until=data["until"],
        organisation=data["organisation"] or None,
        before=data["before"],
        kind=Kind(data["kind"]) if data["kind"] else None,
        category=data["category"] or None,
        purpose=data["purpose"] or None,
        person=data["person"] or None,
    )


def _address(data: dict[str, Any], **changes: object) -> str:
    """Give the address of this search with something changed; what is empty falls away."""
    kept = {name: value or None for name, value in {**data, **changes}.items()}
    return url_for(".search", **kept)


def _too_many() -> str:
    """Say how many entries the table counts, and how to see the others."""
    text = _(
        "In these days more was opened than the %(most)s times this page counts. Choose fewer "
        "days, or one of the months below.",
        most=MOST_ROWS,
    )
    return str(text)


def _months(at: Asked) -> list[tuple[str, str, bool]]:
    """List the months of what was asked, the newest first, each with its own address."""
    last = at.question.until or clock.today()
    since = at.question.since or date.min
    found: list[tuple[str, str, bool]] = []
    while last >= since and len(found) < MOST_MONTHS:
        first = max(last.replace(day=1), since)
        found.append((month(first), at.address(since=str(first), until=str(last)), False))
        last = first - ONE_DAY
    return found


def _names(rows: list[Disclosed]) -> dict[str, str]:
    """Name every giver and taker; a giver of which only the kind is known, by that."""
    codes = {code for row in rows for code in (row.giver, row.taker) if code}
    ids = {code for code in codes if len(code) == 2 * ID_BYTES}
    known = people.organisations_by_id({from_hex(one) for one in ids})
    named = {key.hex(): one.name for key, one in known.items()}
    return {"": _("Unknown")} | {code: named.get(code) or words.partner(code) for code in codes}
