"""Who saw this youth: the accesses on one case, and the name behind it when it must be known."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auth import queries as people
from pga.cases import queries as cases
from pga.oversight.rules import LookReason, Show
from pga.oversight.schemas import IdentitySchema
from pga.oversight.service.bench import Bench
from pga.oversight.service.identity import reveal
from pga.oversight.service.looking import who_saw
from pga.oversight.views.blueprint import asked, office, oversight
from pga.oversight.views.tables import halves
from pga.web import forms


@oversight.get("/oversight/cases/<id:case_id>")
def case(case_id: bytes) -> ResponseReturnValue:
    """Show who saw the youth of a case: opened first, what was seen in passing folded by day."""
    at = asked()
    answer, subject = who_saw(office(), case_id, at.question)
    bench = answer.bench
    page = render_template(
        "oversight/case.html",
        at=at,
        form=at.form,
        bench=bench,
        case=bench.cases[case_id.hex()],
        others=[
            one for one in bench.cases.values() if one.subject_id == subject and one.id != case_id
        ],
        choices=at.choices(*Show),
        organisations=organisations_of(bench, case_id),
        name_form=forms.blank(reason=at.question.reason),
        **halves(answer, at, apart_by_case=True),
    )
    return page, 200 if at.form.is_valid else 422


@oversight.post("/oversight/cases/<id:case_id>/identity")
def identity(case_id: bytes) -> ResponseReturnValue:
    """Show the name of one youth, after an entry of its own; a reload asks anew."""
    form = forms.read(IdentitySchema(), request.form)
    if not form.is_valid:
        return redirect(url_for(".case", case_id=case_id), 303)
    reason = LookReason(form.data["reason"])
    shown = reveal(office(), case_id, reason)
    return render_template("oversight/identity.html", shown=shown, reason=reason)


def organisations_of(bench: Bench, case_id: bytes) -> list[tuple[str, str]]:
    """List the organisations that take or took part, to narrow a table by; none for a partner."""
    return organisations_of_cases(bench, [case_id])


def organisations_of_cases(bench: Bench, case_ids: list[bytes]) -> list[tuple[str, str]]:
    """List the organisations that take or took part in any of these cases; none for a partner."""
    if not bench.is_whole:
        return []
    taken = cases.participants_of(case_ids)
    ids = {one.organisation_id for case_id in case_ids for one in taken.get(case_id, [])}
    found = people.organisations_by_id(ids)
    return sorted(((key.hex(), one.name) for key, one in found.items()), key=lambda one: one[1])
