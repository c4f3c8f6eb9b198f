"""Replay of a day: what a partner could see in a case then, and what it opened."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from auth import queries as people
from config import clock
from pga.oversight.rules import LookReason
from pga.oversight.schemas import ReplaySchema
from pga.oversight.service.looking import cases_of_youth
from pga.oversight.service.replay import replay
from pga.oversight.service.rows import Directory
from pga.oversight.views.blueprint import office, oversight
from pga.oversight.views.cases import organisations_of
from pga.web import forms


@oversight.get("/oversight/cases/<id:case_id>/replay")
def case_replay(case_id: bytes) -> ResponseReturnValue:
    """Choose a partner and a day, and see what was open for it then; nothing before both."""
    found = office()
    form = forms.read(ReplaySchema(), request.args)
    bench, _theirs = cases_of_youth(found, case_id)
    case = bench.cases[case_id.hex()]
    own = people.organisations_by_id([bench.place.organisation_id]).values()
    shown = rows = None
    if form.is_valid and form.data["organisation"] and form.data["day"]:
        day = min(form.data["day"], clock.today())
        reason = LookReason(form.data["reason"])
        shown = replay(found, case_id, form.data["organisation"], day, reason)
        pages = [shown.opened, [shown.decided] if shown.decided else []]
        rows = Directory(bench, pages)
    page = render_template(
        "oversight/replay.html",
        case=case,
        form=form,
        organisations=organisations_of(bench, case_id)
        or [(bench.organisation, one.name) for one in own],
        shown=shown,
        row=rows.row((shown.decided,)) if rows and shown and shown.decided else None,
        opened=[rows.row((one,)) for one in shown.opened] if rows and shown else [],
    )
    return page, 200 if form.is_valid else 422
