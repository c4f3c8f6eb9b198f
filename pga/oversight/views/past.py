"""A proposed version over past decisions: started by the officer, entered, told in totals."""

from collections.abc import Mapping
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from config import clock
from pga.agreements import words as codes
from pga.agreements.models import Agreement
from pga.agreements.municipalities import name_of
from pga.changeover import words as change_words
from pga.changeover.service.previews import NotSoundError
from pga.changeover.service.versions import overview
from pga.oversight.schemas import PastSchema
from pga.oversight.service.bench import Bench
from pga.oversight.service.past import Run, Totals, run_over_past
from pga.oversight.views.blueprint import office, oversight
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

USUAL = timedelta(days=90)


Versions = Mapping[str, tuple[Bench, Agreement]]


@oversight.get("/oversight/past")
def past() -> ResponseReturnValue:
    """Ask which version to run over which days, and why."""
    today = clock.today()
    form = forms.blank(
        version=request.args.get("version", ""),
        since=(today - USUAL).isoformat(),
        until=today.isoformat(),
    )
    return _page(form, _versions())


@oversight.post("/oversight/past")
def run_past() -> ResponseReturnValue:
    """Run a proposed version over past decisions; a reload runs anew, with its own entry."""
    form, versions = forms.read(PastSchema(), request.form), _versions()
    if not form.is_valid:
        return _page(form, versions), 422
    found = versions.get(form.data["version"])
    if found is None:
        return _page(form.refused({"version": ["Choose from the list."]}), versions), 422
    bench, target = found
    run = Run(target, form.data["since"], form.data["until"], form.data["reason"])
    try:
        totals = run_over_past(bench, run)
    except NotSoundError as refused:
        return _page(form.refused({"version": [refused.text]}), versions), 422
    return _page(form, versions, totals, target)


def _versions() -> Versions:
    """Give the proposed versions of the municipalities this officer oversees whole, by hex id."""
    benches = {bench.place.municipality: bench for bench in reversed(office()) if bench.is_whole}
    return {
        version.id.hex(): (benches[shelf.municipality], version)
        for shelf in overview(current_viewer())
        for version in shelf.to_come
        if shelf.municipality in benches
    }


def _page(
    form: Form,
    versions: Versions,
    totals: Totals | None = None,
    target: Agreement | None = None,
) -> str:
    """Show the form, and below it what came of a run."""
    return render_template(
        "oversight/past.html",
        form=form,
        choices=[(key, _named(version)) for key, (_bench, version) in versions.items()],
        totals=totals,
        target=target,
        told=change_words.told,
        codes=codes,
    )


def _named(version: Agreement) -> str:
    """Name a version to choose it by."""
    place = f"{name_of(version.municipality)}, {codes.track(version.track)}"
    return f"{place}: {version.version}, {change_words.agreement_state(version.state)}"
