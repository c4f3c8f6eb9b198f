"""Afspraken: what is in force where one works, what ends, and what is being made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import render_template
from flask.typing import ResponseReturnValue

from auth import current
from config import clock
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.rules import FIXED, Reminder, reminders
from pga.agreements.service import limiting
from pga.agreements.service.desk import DRAFTERS, MAKERS, may_see
from pga.agreements.texts import broken_by, table_of_text
from pga.agreements.views.blueprint import agreements, colleague


@dataclass(frozen=True, slots=True)
class Place:
    """The versions of one municipality, or the regional models where it has no name."""

    municipality: str
    in_force: Sequence[Agreement]
    in_the_making: Sequence[Agreement]
    earlier: Sequence[Agreement]


@agreements.get("/agreements")
def overview() -> ResponseReturnValue:
    """List every version that somebody may see, by municipality."""
    here = colleague()
    today = clock.today()
    towns = {one.municipality for one in here.memberships}
    rows = [one for one in queries.shelf({"", *towns}) if may_see(here, one)]
    places = [
        _place(municipality, list(versions))
        for municipality, versions in groupby(rows, key=lambda one: one.municipality)
    ]
    texts = _texts_in_force(rows, today)
    return render_template(
        "agreements/overview.html",
        places=sorted(places, key=lambda place: not place.municipality),
        reminders=_reminders(texts, today),
        broken={row.id for row in texts if broken_by(row)},
        may_read_limits=limiting.may_read(here),
        today=today,
        may_move_cases=current.has_any_role(*MAKERS),
        may_start=any(here.seats(town, DRAFTERS) for town in towns),
        is_in_force=queries.is_in_force,
    )


def _place(municipality: str, versions: Sequence[Agreement]) -> Place:
    """Part the versions of a place by what one does with them."""
    holding = {AgreementState.ACTIVE, AgreementState.SUSPENDED}
    return Place(
        municipality,
        in_force=[one for one in versions if one.state in holding],
        in_the_making=[one for one in versions if one.state not in FIXED],
        earlier=[one for one in versions if one.state in FIXED and one.state not in holding],
    )


def _texts_in_force(rows: Sequence[Agreement], today: date) -> Sequence[Agreement]:
    """Read the local versions in force with their texts, in one query."""
    wanted = [one.id for one in rows if one.municipality and queries.is_in_force(one, today)]
    return list(queries.agreements_by_id(wanted).values()) if wanted else []


def _reminders(rows: Sequence[Agreement], today: date) -> dict[bytes, tuple[Reminder, ...]]:
    """Tell by version in force what to remind of."""
    found = {}
    for row in rows:
        header = table_of_text(row.document).document.agreement
        found[row.id] = reminders(row.valid_until, header.evaluation, today)
    return found
