"""Toestemming: a release or voluntary help, first asked apart; and one release from near by."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from auth import queries as people
from config import clock
from config.errors import InvalidInputError, NotFoundError
from config.ids import from_hex
from pga.cases.rules import age_on
from pga.policy.codes import BOUND_BY_SECRECY
from pga.sharing import queries, words
from pga.sharing.models import SecrecyRelease
from pga.sharing.rules import (
    Answer,
    GuardianKind,
    ReleaseKind,
    capacity_at,
    release_holds,
)
from pga.sharing.schemas import ConsentSchema, GuardianSchema, ReleaseSchema
from pga.sharing.service import guardians, releases, voluntary
from pga.sharing.service.changes import Desk, sit_down
from pga.sharing.service.disclose import (
    Look,
    Selection,
    SharingDeniedError,
    disclose_one,
)
from pga.sharing.viewer import current_viewer
from pga.sharing.views.blueprint import (
    category_choices,
    organisation_choices,
    parties,
    sharing,
)
from pga.web import forms
from pga.web.forms import Form

HALF_A_YEAR = timedelta(days=182)
CARE_FIRST = tuple(sorted(BOUND_BY_SECRECY))
NOT_NOW = {"": ["Nothing is shared here: the agreement is not in force for your organisation."]}
WITHDRAWABLE = frozenset({"waiting", "unmet", "holds"})


@sharing.get("/cases/<id:case_id>/consent")
def consent(case_id: bytes) -> ResponseReturnValue:
    """Ask which of the two it is, and show what there is already, as far as one may know."""
    desk = sit_down(current_viewer(), case_id)
    known = [r for r in queries.releases_of(case_id) if releases.may_know(desk, r)]
    consents = voluntary.known_consents(desk)
    ids = {r.provider_organisation_id for r in known} | {c.organisation_id for c in consents}
    return render_template(
        "sharing/consent.html",
        desk=desk,
        rows=[(r, state_of(desk, r), ends_on(desk, r)) for r in known],
        consents=consents,
        names=people.organisations_by_id(ids),
    )


@sharing.get("/cases/<id:case_id>/releases/new")
def new_release(case_id: bytes) -> ResponseReturnValue:
    """Ask for a release: who answers follows from age."""
    desk = sit_down(current_viewer(), case_id)
    until = (clock.today() + HALF_A_YEAR).isoformat()
    return _release_page(desk, forms.blank(valid_until=until, kind="consent", way="spoken"))


@sharing.post("/cases/<id:case_id>/releases/new")
def record_release(case_id: bytes) -> ResponseReturnValue:
    """Record a release; it waits for the bound professional."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(ReleaseSchema(), request.form)
    if not form.is_valid:
        return _release_page(desk, form), 422
    try:
        made = releases.record_release(desk, _new_release(form))
    except InvalidInputError as refused:
        return _release_page(desk, form.refused(refused.fields)), 422
    except SharingDeniedError:
        return _release_page(desk, form.refused(NOT_NOW)), 422
    flash(
        _("The release is recorded. It opens nothing until the professional confirms."), "success"
    )
    return redirect(url_for(".release", case_id=case_id, release_id=made.id), 303)


@sharing.get("/cases/<id:case_id>/releases/<id:release_id>")
def release(case_id: bytes, release_id: bytes) -> ResponseReturnValue:
    """Show one release, and what a withdrawal would close."""
    desk = sit_down(current_viewer(), case_id)
    row = releases.find(desk, release_id)
    if not releases.may_know(desk, row):
        raise NotFoundError
    closing = releases.what_closes(row)
    ids = {one.organisation_id for one in closing} | {row.provider_organisation_id}
    return render_template(
        "sharing/release.html",
        desk=desk,
        row=row,
        state=state_of(desk, row),
        is_provider=desk.seat.owns(row.provider_organisation_id, row.provider),
        closing=closing,
        names=people.organisations_by_id(ids),
        until=ends_on(desk, row),
        answers=_answers(desk, row),
    )


@sharing.post("/cases/<id:case_id>/releases/<id:release_id>/confirm")
def confirm(case_id: bytes, release_id: bytes) -> ResponseReturnValue:
    """Let the bound professional put a release into effect."""
    try:
        releases.confirm(sit_down(current_viewer(), case_id), release_id)
    except InvalidInputError as refused:
        for texts in refused.fields.values():
            flash(" ".join(_(text) for text in texts), "warning")
        return redirect(url_for(".release", case_id=case_id, release_id=release_id), 303)
    flash(_("The release is in effect from now on."), "success")
    return redirect(url_for(".release", case_id=case_id, release_id=release_id), 303)


@sharing.post("/cases/<id:case_id>/releases/<id:release_id>/decline")
def decline(case_id: bytes, release_id: bytes) -> ResponseReturnValue:
    """Let the bound professional keep silent."""
    releases.decline(sit_down(current_viewer(), case_id), release_id)
    flash(_("Nothing is shared. Nobody else is told."), "success")
    return redirect(url_for(".consent", case_id=case_id), 303)


@sharing.post("/cases/<id:case_id>/releases/<id:release_id>/withdraw")
def withdraw(case_id: bytes, release_id: bytes) -> ResponseReturnValue:
    """Withdraw a release at once, without a reason."""
    desk = sit_down(current_viewer(), case_id)
    if not releases.may_know(desk, releases.find(desk, release_id)):
        raise NotFoundError
    row = releases.withdraw(desk, release_id)
    flash(
        _("Withdrawn. From now on closed: %(what)s.", what=words.categories(row.categories)),
        "success",
    )
    return redirect(url_for(".consent", case_id=case_id), 303)


@sharing.get("/cases/<id:case_id>/releases/withdraw")
def withdrawing_all(case_id: bytes) -> ResponseReturnValue:
    """Show what closes when everything is withdrawn, as far as one may know, and ask to confirm."""
    desk = sit_down(current_viewer(), case_id)
    rows = releases.known_to_close(desk)
    closing = [(row, one) for row in rows for one in releases.what_closes(row)]
    ids = {one.organisation_id for _row, one in closing}
    return render_template(
        "sharing/withdraw_all.html",
        desk=desk,
        closing=[
            (row.provider_organisation_id, one)
            for row, one in closing
            if state_of(desk, row) in WITHDRAWABLE
        ],
        names=people.organisations_by_id(ids | {row.provider_organisation_id for row in rows}),
    )


@sharing.post("/cases/<id:case_id>/releases/withdraw")
def withdraw_all(case_id: bytes) -> ResponseReturnValue:
    """Withdraw everything for a youth who says so, to anybody at the table."""
    releases.withdraw_all(sit_down(current_viewer(), case_id))
    flash(_("Recorded. What was open with consent of the young person is closed now."), "success")
    return redirect(url_for(".consent", case_id=case_id), 303)


@sharing.get("/cases/<id:case_id>/guardians/new")
def new_guardian(case_id: bytes) -> ResponseReturnValue:
    """Ask who holds authority over the youth."""
    desk = sit_down(current_viewer(), case_id)
    return _guardian_page(desk, forms.blank(checked_on=clock.today().isoformat()))


@sharing.post("/cases/<id:case_id>/guardians/new")
def record_guardian(case_id: bytes) -> ResponseReturnValue:
    """Record a holder of authority."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(GuardianSchema(), request.form)
    if not form.is_valid:
        return _guardian_page(desk, form), 422
    data = form.data
    new = guardians.NewGuardian(
        GuardianKind(data["kind"]),
        data["name"],
        data["source"],
        data["checked_on"],
        from_hex(data["organisation"]) if data["organisation"] else None,
        is_disputed=data["is_disputed"],
    )
    try:
        guardians.add_guardian(desk, new)
    except InvalidInputError as refused:
        return _guardian_page(desk, form.refused(refused.fields)), 422
    except SharingDeniedError:
        return _guardian_page(desk, form.refused(NOT_NOW)), 422
    flash(_("Recorded. This person must answer from now on."), "success")
    return redirect(url_for(".new_release", case_id=case_id), 303)


@sharing.get("/cases/<id:case_id>/help/new")
def new_help(case_id: bytes) -> ResponseReturnValue:
    """Ask about consent to voluntary help."""
    desk = sit_down(current_viewer(), case_id)
    until = (clock.today() + HALF_A_YEAR).isoformat()
    return _help_page(desk, forms.blank(valid_until=until, way="spoken"))


@sharing.post("/cases/<id:case_id>/help/new")
def record_help(case_id: bytes) -> ResponseReturnValue:
    """Record consent to voluntary help; it opens nothing."""
    desk = sit_down(current_viewer(), case_id)
    form = forms.read(ConsentSchema(), request.form)
    if not form.is_valid:
        return _help_page(desk, form), 422
    organisation, partner = form.data["provider"].split("/")
    try:
        voluntary.record_consent(
            desk, from_hex(organisation), partner, form.data["way"], form.data["valid_until"]
        )
    except InvalidInputError as refused:
        return _help_page(desk, form.refused(refused.fields)), 422
    except SharingDeniedError:
        return _help_page(desk, form.refused(NOT_NOW)), 422
    flash(_("Recorded. This opens no information to anybody."), "success")
    return redirect(url_for(".consent", case_id=case_id), 303)


@sharing.post("/cases/<id:case_id>/help/<id:consent_id>/withdraw")
def withdraw_help(case_id: bytes, consent_id: bytes) -> ResponseReturnValue:
    """Record that the youth no longer wants the help."""
    voluntary.withdraw_consent(sit_down(current_viewer(), case_id), consent_id)
    flash(_("Recorded. This never has consequences for the young person."), "success")
    return redirect(url_for(".consent", case_id=case_id), 303)


def state_of(desk: Desk, row: SecrecyRelease) -> str:
    """Say how a release stands, for this seat: a refusal of the professional looks like waiting."""
    fact = next((f for f in desk.facts.releases if f.id == row.id), None)
    is_provider = desk.seat.owns(row.provider_organisation_id, row.provider)
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.declined_at is not None:
        return "declined" if is_provider else "waiting"
    if fact is None or not fact.is_confirmed:
        return "waiting" if fact is None or fact.suffices else "unmet"
    if not fact.suffices:
        return "unmet"
    return "holds" if release_holds(fact, desk.today) else "ended"


def ends_on(desk: Desk, row: SecrecyRelease) -> date:
    """Tell the last day of a release: a birthday or the longest term may come before its own."""
    return next((f.ends_on for f in desk.facts.releases if f.id == row.id), row.valid_until)


def _answers(desk: Desk, row: SecrecyRelease) -> list[tuple[str, str]]:
    """Say who answered what, for who asked it and for who must confirm it.

    A guardian is left out for a seat that may not know there is one.
    """
    is_provider = desk.seat.owns(row.provider_organisation_id, row.provider)
    if not is_provider and row.asked_by != desk.viewer.person_id:
        return []
    kinds = {g.id: words.named(words.GUARDIANS, g.kind) for g in guardians.known_guardians(desk)}
    return [
        (
            _("Answer of the young person")
            if one.guardian_id is None
            else kinds[one.guardian_id].capitalize(),
            words.named(words.ANSWERS, one.answer),
        )
        for one in queries.answers_of([row.id])[row.id]
        if one.guardian_id is None or one.guardian_id in kinds
    ]


def _new_release(form: Form) -> releases.NewRelease:
    """Turn the form into what a release must say."""
    data = form.data
    organisation, partner = data["provider"].split("/")
    answers: dict[bytes | None, Answer] = {}
    reasons: dict[str, str] = {}
    if data["youth"]:
        answers[None] = Answer(data["youth"])
    if data["youth_reason"]:
        reasons["youth"] = data["youth_reason"]
    for given in data["guardians"]:
        if given["answer"]:
            answers[from_hex(given["guardian"])] = Answer(given["answer"])
        if given["reason"]:
            reasons[given["guardian"]] = given["reason"]
    kind = ReleaseKind(data["kind"])
    if kind is ReleaseKind.CONFLICT_OF_DUTIES:
        missing = set(words.CONFLICT) - set(data["conditions"])
        if missing or not data["conflict"]:
            raise InvalidInputError(
                {"conditions": ["Every condition must hold; say in your own words why."]}
            )
    if data["conflict"]:
        reasons["conflict"] = data["conflict"]
    return releases.NewRelease(
        kind=kind,
        provider_organisation_id=from_hex(organisation),
        provider=partner,
        categories=data["categories"],
        recipients=[from_hex(text) for text in data["recipients"]],
        valid_until=data["valid_until"],
        way=data["way"],
        language_level=data["language_level"],
        answers=answers,
        reasons=reasons,
    )


def _release_page(desk: Desk, form: Form) -> str:
    """Show the form of a release, with who must answer at this age."""
    asked = guardians.known_guardians(desk)
    look = Look(Kind.OPENED, Selection(kinds=frozenset({"guardian"})))
    opened = disclose_one(desk.viewer, desk.facts.case.id, look)
    names = {item.id: str(item.content.get("name", "")) for item in opened.items}
    age = age_on(desk.facts.case.born_on, desk.today)
    found = [(o, p, name) for o, p, name in parties(desk) if p != "GPR"]
    found.sort(key=lambda row: (row[1] not in CARE_FIRST, row[2]))
    is_bound = desk.seat.partner in CARE_FIRST
    return render_template(
        "sharing/release_new.html",
        desk=desk,
        form=form,
        capacity=capacity_at(age),
        guardians=[
            (row, names.get(row.item_id or b"") or words.named(words.GUARDIANS, row.kind))
            for row in asked
        ],
        providers=[(f"{o.hex()}/{p}", f"{name}, {words.partner(p)}") for o, p, name in found],
        organisations=organisation_choices(desk),
        categories=category_choices(desk),
        answers=[(a, words.ANSWERS[a]) for a in Answer],
        kinds=[(k, words.KINDS[k]) for k in (ReleaseKind if is_bound else (ReleaseKind.CONSENT,))],
        ways=list(words.WAYS.items()),
        levels=list(words.LEVELS.items()),
        conflict=list(words.CONFLICT.items()),
    )


def _guardian_page(desk: Desk, form: Form) -> str:
    """Show the form of a holder of authority."""
    return render_template(
        "sharing/guardian.html",
        desk=desk,
        form=form,
        kinds=[(k, words.GUARDIANS[k]) for k in GuardianKind],
        sources=list(words.SOURCES.items()),
        institutions=[(o.hex(), name) for o, p, name in parties(desk) if p == "GI"],
    )


def _help_page(desk: Desk, form: Form) -> str:
    """Show the form of consent to voluntary help."""
    return render_template(
        "sharing/help.html",
        desk=desk,
        form=form,
        providers=[
            (f"{o.hex()}/{p}", f"{name}, {words.partner(p)}") for o, p, name in parties(desk)
        ],
        ways=list(words.WAYS.items()),
    )
