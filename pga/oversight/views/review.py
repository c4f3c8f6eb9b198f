"""What asks for an explanation: the list, one item, and the limits of the checks."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from config.ids import from_hex
from pga.oversight import queries, review_words
from pga.oversight.patterns import LIMITS, Limit, Pattern
from pga.oversight.rules import ReviewOutcome
from pga.oversight.schemas import CloseSchema, ConsentSchema, LimitSchema, WorkListSchema
from pga.oversight.service import review
from pga.oversight.service.bench import Bench
from pga.oversight.views.blueprint import chosen, office, oversight, places_of
from pga.web import forms
from pga.web.forms import Form


@oversight.get("/oversight/review")
def review_list() -> ResponseReturnValue:
    """List what waits for an explanation, of all checks or of one, the oldest first."""
    form = forms.read(WorkListSchema(), request.args)
    data = form.data or WorkListSchema().load({})
    found = office()
    bench = chosen(found, data["place"])
    check = Pattern(data["check"]) if data["check"] else None
    listed = review.work_list(bench, check)
    page = render_template(
        "oversight/review.html",
        bench=bench,
        places=_places(found, bench),
        checks=_choices(listed, check, data["place"]),
        listed=listed,
        who=_who(bench, listed.items),
        consent=queries.consent_of(bench.place.organisation_id),
        words=review_words,
    )
    return page, 200 if form.is_valid else 422


def _places(found: list[Bench], here: Bench) -> list[tuple[str, str, bool]]:
    """List the benches to choose from; empty when there is one."""
    if len(found) == 1:
        return []
    return [
        (name, url_for(".review_list", place=bench.id), bench is here)
        for name, bench in zip(places_of(found), found, strict=True)
    ]


def _choices(
    listed: review.WorkList, check: Pattern | None, place: str
) -> list[tuple[str, str, bool]]:
    """List the checks that found something, each with how much; empty when there is only one."""
    if len(listed.by_check) <= 1 and check is None:
        return []
    everything = (_("Everything"), url_for(".review_list", place=place or None), check is None)
    return [
        everything,
        *(
            (
                f"{review_words.name(one)} ({count})",
                url_for(".review_list", place=place or None, check=one),
                one is check,
            )
            for one, count in listed.by_check
        ),
    ]


@oversight.get("/oversight/review/<id:item_id>")
def review_item(item_id: bytes) -> ResponseReturnValue:
    """Show one item, with the entry behind it and a form to close it."""
    bench, listed = review.item(office(), item_id)
    return _item(bench, listed, forms.blank())


@oversight.post("/oversight/review/<id:item_id>")
def close_review(item_id: bytes) -> ResponseReturnValue:
    """Close an item with a judgement and its reason."""
    bench, listed = review.item(office(), item_id)
    form = forms.read(CloseSchema(), request.form)
    if not form.is_valid:
        return _item(bench, listed, form, 422)
    outcome = ReviewOutcome(form.data["outcome"])
    review.close(bench, listed.item, outcome, form.data["remark"])
    if outcome is ReviewOutcome.BREACH:
        flash(_("Closed. Report a possible data breach within 72 hours (AVG 33)."), "warning")
    else:
        flash(_("Closed, with your reason in the log."), "success")
    return redirect(url_for(".review_list"), 303)


def _item(
    bench: Bench, listed: review.Listed, form: Form, status: int = 200
) -> ResponseReturnValue:
    """Show an item."""
    page = render_template(
        "oversight/review_item.html",
        listed=listed,
        form=form,
        who=_who(bench, [listed]),
        is_own=listed.item.person == bench.actor.person,
        words=review_words,
    )
    return page, status


@oversight.get("/oversight/checks")
def checks() -> ResponseReturnValue:
    """Show which checks run, with their limits, and on whose staff."""
    office()
    return _checks(forms.blank(), forms.blank())


@oversight.post("/oversight/checks/limit")
def propose_limit() -> ResponseReturnValue:
    """Propose another limit."""
    form = forms.read(LimitSchema(), request.form)
    if not form.is_valid:
        return _checks(form, forms.blank(), 422)
    limit, value = Limit(form.data["name"]), form.data["value"]
    review.propose_limit(office()[0], limit, value, form.data["reason"])
    flash(_("Proposed. It counts once somebody else approves it."), "success")
    return redirect(url_for(".checks"), 303)


@oversight.post("/oversight/checks/limit/<id:proposal_id>")
def approve_limit(proposal_id: bytes) -> ResponseReturnValue:
    """Approve what somebody else proposed."""
    review.approve_limit(office()[0], proposal_id)
    flash(_("Approved. The limit counts from now on."), "success")
    return redirect(url_for(".checks"), 303)


@oversight.post("/oversight/checks/consent")
def record_consent() -> ResponseReturnValue:
    """Record the consent of the works council."""
    form = forms.read(ConsentSchema(), request.form)
    if not form.is_valid:
        return _checks(forms.blank(), form, 422)
    review.record_consent(office()[0], form.data["consented_on"], form.data["reference"])
    flash(_("Recorded. The checks run from now on."), "success")
    return redirect(url_for(".checks"), 303)


def _checks(limit: Form, consent: Form, status: int = 200) -> ResponseReturnValue:
    """Show the checks with both forms as they were filled in."""
    bench = office()[0]
    in_use = review.limits_in_use()
    page = render_template(
        "oversight/checks.html",
        limit_form=limit,
        consent_form=consent,
        limits=[(one, in_use[one], LIMITS[one]) for one in Limit],
        proposals=review.proposals(),
        own=bench.viewer.person_id,
        consent=queries.consent_of(bench.place.organisation_id),
        words=review_words,
    )
    return page, status


def _who(bench: Bench, items: Sequence[review.Listed]) -> dict[str, str]:
    """Give who acted as far as this officer is told: a name of own staff, else the organisation."""
    organisations = {from_hex(one.item.organisation) for one in items if one.item.organisation}
    names = people.organisations_by_id(organisations)
    told = {}
    for one in items:
        row = one.item
        own = bench.staff.get(row.person)
        organisation = names.get(from_hex(row.organisation)) if row.organisation else None
        is_named = own is not None and row.organisation in {"", bench.organisation}
        told[row.id.hex()] = (
            own.person.name
            if own is not None and is_named
            else (organisation.name if organisation else _("Somebody without a role today"))
        )
    return told
