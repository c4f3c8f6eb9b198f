"""The clauses of a version: read by partner, written, split and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.errors import ApplicationError, NotFoundError
from pga.agreements import choices, law_words, term_words, words
from pga.agreements.draft_schemas import ClauseSchema, RemoveSchema, SplitSchema
from pga.agreements.matrix import partners_of
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import asked_track, document_of
from pga.agreements.views.refusals import refused
from pga.policy.codes import Category, Partner, Track
from pga.policy.editing import ClauseChange, mark_at, split
from pga.policy.laws import Obligation, WayOut, read_basis, read_exception
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument, Clause
from pga.web import forms
from pga.web.forms import Form

CLAUSES = "/agreements/<id:agreement_id>/clauses"


@dataclass(frozen=True, slots=True)
class Among:
    """Among the clauses of which partner a page stands."""

    desk: Desk
    document: AgreementDocument
    track: Track
    partner: Partner

    def place(self, clause_id: str) -> Place:
        """Give the place of a clause."""
        return Place(PlaceKind.CLAUSE, self.track, self.partner, clause_id)

    def mark(self, clause_id: str) -> str:
        """Give the mark of what a clause says now."""
        return mark_at(self.document, str(self.place(clause_id)))

    def find(self, clause_id: str) -> Clause | None:
        """Give a clause of this partner, if there is one with this id."""
        here = (self.track, self.partner, clause_id)
        found = (c for c in self.document.clauses if (c.track, c.partner, c.id) == here)
        return next(found, None)


@agreements.get(CLAUSES)
def clauses(agreement_id: bytes) -> ResponseReturnValue:
    """Show all clauses of a track, by partner."""
    desk = desk_of(agreement_id)
    document = document_of(desk.agreement)
    track = asked_track(document)
    return render_template(
        "agreements/editor/clauses.html",
        desk=desk,
        track=track,
        partners=partners_of(document, track),
        clauses=[clause for clause in document.clauses if clause.track is track],
    )


@agreements.get(f"{CLAUSES}/<track>/<partner>")
def clause(agreement_id: bytes, track: str, partner: str) -> ResponseReturnValue:
    """Show one clause, or the form of a new one; to who drafts as a form."""
    among = _among(agreement_id, track, partner)
    clause_id = request.args.get("clause", "")
    found = among.find(clause_id)
    if clause_id and found is None:
        raise NotFoundError
    if found is None:
        among.desk.drafter()
    return _page(among, found, _as_it_is(among, found))


@agreements.post(f"{CLAUSES}/<track>/<partner>")
def write_clause(agreement_id: bytes, track: str, partner: str) -> ResponseReturnValue:
    """Write a clause, or a new one."""
    among = _among(agreement_id, track, partner)
    among.desk.drafter()
    form = forms.read(ClauseSchema(), request.form)
    found = among.find(form.value("clause"))
    name = form.value("clause") or form.value("new_id").strip()
    if not name:
        form = form.refused({"new_id": ["Fill this in."]})
    elif found is None and among.find(name) is not None:
        form = form.refused({"new_id": ["Another clause already has this name."]})
    if not form.is_valid:
        return _page(among, found, form), 422
    try:
        said = _typed(among, name, form)
        change = ClauseChange(among.track, among.partner, name, said, form.data["reason"])
        drafting.edit(among.desk, change, seen=form.data["seen"])
    except ApplicationError as error:
        now = _among(agreement_id, track, partner)
        return _refused(now, name, refused(form, error), error)
    flash(_("The clause is saved. A lawyer checks it anew."), "success")
    return redirect(_address(among, name), 303)


@agreements.post(f"{CLAUSES}/<track>/<partner>/split")
def split_clause(agreement_id: bytes, track: str, partner: str) -> ResponseReturnValue:
    """Give some categories of a clause a clause of their own."""
    among = _among(agreement_id, track, partner)
    among.desk.drafter()
    form = forms.read(SplitSchema(), request.form)
    found = among.find(form.value("clause"))
    if found is None:
        raise NotFoundError
    if not form.is_valid:
        return _page(among, found, _as_it_is(among, found), form), 422
    try:
        chosen = [Category(code) for code in form.data["categories"]]
        name = form.data["new_id"].strip()
        change = split(among.document, among.place(found.id), chosen, name)
        drafting.edit(among.desk, change, seen=form.data["seen"])
    except ApplicationError as error:
        now = _among(agreement_id, track, partner)
        as_it_is = _as_it_is(now, now.find(found.id))
        return _refused(now, found.id, as_it_is, error, splitting=refused(form, error))
    flash(_("The clause is split. Both parts say the same until you change them."), "success")
    return redirect(_address(among, name), 303)


@agreements.post(f"{CLAUSES}/<track>/<partner>/remove")
def remove_clause(agreement_id: bytes, track: str, partner: str) -> ResponseReturnValue:
    """Take a clause out."""
    among = _among(agreement_id, track, partner)
    among.desk.drafter()
    form = forms.read(RemoveSchema(), request.form)
    found = among.find(form.value("clause"))
    if found is None:
        raise NotFoundError
    change = ClauseChange(among.track, among.partner, found.id, None, form.value("reason"))
    try:
        drafting.edit(among.desk, change, seen=form.value("seen"))
    except ApplicationError as error:
        now = _among(agreement_id, track, partner)
        kept = _as_it_is(now, now.find(found.id))
        kept.values["reason"] = form.value("reason")
        return _refused(now, found.id, refused(kept, error), error)
    flash(_("The clause is taken out. You find it in the history."), "success")
    return redirect(url_for(".clauses", agreement_id=agreement_id, track=among.track), 303)


def _refused(
    among: Among, name: str, form: Form, error: ApplicationError, splitting: Form | None = None
) -> ResponseReturnValue:
    """Show the forms of a clause again; after a conflict, with what somebody else wrote.

    Where that is nothing, what was typed becomes a new clause of the same name.
    """
    found = among.find(name)
    if found is None:
        form.values.update({"clause": "", "new_id": name})
    conflict = error if isinstance(error, drafting.EditConflictError) else None
    now = [] if found is None or conflict is None else term_words.lines(found)
    page = _page(among, found, form, splitting, conflict=conflict, now=now)
    return page, error.status


def _among(agreement_id: bytes, track: str, partner: str) -> Among:
    """Read among whose clauses a page stands; raises NotFoundError for who has no row."""
    desk = desk_of(agreement_id)
    document = document_of(desk.agreement)
    try:
        among = Among(desk, document, Track(track), Partner(partner))
    except ValueError:
        raise NotFoundError from None
    if among.partner not in partners_of(document, among.track):
        raise NotFoundError
    return among


def _address(among: Among, clause_id: str) -> str:
    """Give the address of a clause."""
    return url_for(
        ".clause",
        agreement_id=among.desk.agreement.id,
        track=among.track,
        partner=among.partner,
        clause=clause_id,
    )


def _typed(among: Among, name: str, form: Form) -> Clause:
    """Give the clause that a form asks for."""
    data = form.data
    return Clause(
        id=name,
        track=among.track,
        partner=among.partner,
        categories=tuple(code for code in Category if code in data["categories"]),
        text=data["text"].strip(),
        articles=tuple(line.strip() for line in data["articles"].splitlines() if line.strip()),
        basis=read_basis(data["basis"]) if data["basis"] else None,
        exception=read_exception(data["exception"]),
        secrecy=WayOut(data["secrecy"]),
        obligations=tuple(Obligation(code) for code in data["obligations"]),
        verified=False,
    )


def _as_it_is(among: Among, found: Clause | None) -> Form:
    """Fill the form with a clause as it is now, or leave it blank for a new one."""
    if found is None:
        return forms.blank(secrecy=WayOut.NONE_NEEDED, seen=among.mark("-"))
    return forms.blank(
        clause=found.id,
        categories=[str(code) for code in found.categories],
        text=found.text,
        articles="\n".join(found.articles),
        basis="" if found.basis is None else str(found.basis),
        exception=found.exception,
        secrecy=found.secrecy,
        obligations=[str(code) for code in found.obligations],
        reason=among.document.reasons.get(str(among.place(found.id)), ""),
        seen=among.mark(found.id),
    )


def _page(  # noqa: PLR0913 - a clause with the forms for it, and what stands in their way
    among: Among,
    found: Clause | None,
    form: Form,
    splitting: Form | None = None,
    *,
    conflict: drafting.EditConflictError | None = None,
    now: Sequence[str] = (),
) -> str:
    """Show a clause, and to who may change it the forms."""
    documents = (among.document, drafting.model_of(among.desk.agreement))
    free = choices.free_categories(
        among.document, among.track, among.partner, "" if found is None else found.id
    )
    own = () if found is None else found.categories
    whole = Place(PlaceKind.CLAUSES, among.track, among.partner)
    return render_template(
        "agreements/editor/clause.html",
        desk=among.desk,
        among=among,
        clause=found,
        form=form,
        conflict=conflict,
        now=now,
        splitting=splitting or forms.blank(seen=mark_at(among.document, str(whole))),
        categories=[(str(code), words.category(code)) for code in free],
        own_categories=[(str(code), words.category(code)) for code in own],
        bases=choices.bases(documents),
        exceptions=choices.exceptions(documents),
        ways_out=[(str(code), str(text)) for code, text in law_words.WAYS_OUT.items()],
        obligations=[(str(code), words.obligation(code)) for code in Obligation],
    )
