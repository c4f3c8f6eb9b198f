"""What did this employee see, and what was refused."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from auth.models import Membership
from auth.rules import is_live
from config import clock
from pga.oversight.rules import Show
from pga.oversight.service.looking import refused, what_saw
from pga.oversight.service.refusals import by_rule
from pga.oversight.views.blueprint import asked, chosen, office, oversight, places
from pga.oversight.views.tables import halves

COUNTED = timedelta(days=30)
SHOWN = tuple(show for show in Show if show is not Show.OVERSIGHT)


@oversight.get("/oversight/people")
def staff() -> ResponseReturnValue:
    """Choose one of the own staff, also of who left; the list itself is no look into the log."""
    found, at = office(), asked()
    bench = chosen(found, at.place)
    listed = sorted(bench.staff.values(), key=lambda one: one.person.name.casefold())
    return render_template(
        "oversight/people.html",
        at=at,
        bench=bench,
        places=places(found, bench, at),
        here=[one for one in listed if _works(one)],
        gone=[one for one in listed if not _works(one)],
    )


@oversight.get("/oversight/people/<id:person_id>")
def person(person_id: bytes) -> ResponseReturnValue:
    """Show what one employee saw; of a partner's staff without name."""
    found, at = office(), asked()
    bench = chosen(found, at.place)
    answer = what_saw(bench, person_id, at.question)
    page = render_template(
        "oversight/person.html",
        at=at,
        person_id=person_id,
        form=at.form,
        bench=bench,
        places=places(found, bench, at),
        own=bench.staff.get(person_id.hex()),
        choices=at.choices(*SHOWN),
        **halves(answer, at),
    )
    return page, 200 if at.form.is_valid else 422


@oversight.get("/oversight/refusals")
def refusals() -> ResponseReturnValue:
    """Show what was refused, counted by rule over the last month unless other days are asked."""
    found, at = office(), asked()
    if at.question.since is None and at.question.until is None:
        at = at.starting(clock.today() - COUNTED)
    bench = chosen(found, at.place)
    answer, counts = refused(bench, at.question)
    page = render_template(
        "oversight/refusals.html",
        at=at,
        form=at.form,
        bench=bench,
        places=places(found, bench, at),
        counts=by_rule(bench, counts),
        **halves(answer, at),
    )
    return page, 200 if at.form.is_valid else 422


def _works(membership: Membership) -> bool:
    """Tell whether somebody works here today."""
    return is_live(
        membership.from_on,
        membership.until_on,
        is_ended=membership.ended_at is not None,
        on=clock.today(),
    )
