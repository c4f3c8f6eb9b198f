"""The terms around the matrix: parties, purposes, phases, bases, retention; read and changed."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.errors import ApplicationError, NotFoundError
from pga.agreements import choices, place_words, term_words, words
from pga.agreements.matrix import partners_of
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.term_forms import TermForm, form_of
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import document_of
from pga.agreements.views.refusals import refused
from pga.agreements.views.saved import tell_saved
from pga.policy.codes import POSSIBLE_PARTIES, Exclusion, NonPurpose, Partner, Phase
from pga.policy.editing import mark_at, value_at
from pga.policy.errors import EditError
from pga.policy.places import HeaderPart, Place, PlaceError, PlaceKind, read_place
from pga.policy.terms import AgreementDocument, Domain, RetentionObject
from pga.web import forms
from pga.web.forms import Form

ONLY_EDITED = frozenset({PlaceKind.HEADER, PlaceKind.PURPOSE, PlaceKind.TRACK, PlaceKind.BASIS})
CASE_AFTER_CLOSING = Place(PlaceKind.RETENTION, name=RetentionObject.CASE_AFTER_CLOSING)
MORE_PARTIES = 1


@dataclass(frozen=True, slots=True)
class Term:
    """One term as the page shows it: where it stands, its name, and what it says."""

    place: str
    name: str
    lines: list[str]
    reason: str


@agreements.get("/agreements/<id:agreement_id>/terms")
def terms(agreement_id: bytes) -> ResponseReturnValue:
    """Show every term of a version, part by part."""
    desk = desk_of(agreement_id)
    document = document_of(desk.agreement)
    return render_template(
        "agreements/editor/terms.html",
        desk=desk,
        parts=term_words.PARTS,
        found={part: _listed(document, places) for part, places in _places(document).items()},
    )


@agreements.get("/agreements/<id:agreement_id>/terms/change")
def term(agreement_id: bytes) -> ResponseReturnValue:
    """Show the form of one term."""
    desk = desk_of(agreement_id)
    desk.drafter()
    place, asked = _asked(desk, request.args.get("place", ""))
    return _page(desk, place, _as_it_is(desk, place, asked))


@agreements.post("/agreements/<id:agreement_id>/terms/change")
def change_term(agreement_id: bytes) -> ResponseReturnValue:
    """Write one term, or take it out."""
    desk = desk_of(agreement_id)
    desk.drafter()
    place, asked = _asked(desk, request.form.get("place", ""))
    form = forms.read(asked.schema(), request.form)
    if not form.is_valid:
        return _page(desk, place, form), 422
    document, before = document_of(desk.agreement), desk.agreement.document
    try:
        change = asked.change(document, place, form.data)
        now = drafting.edit(desk, change, seen=form.data["seen"], reason=form.data["reason"])
    except ApplicationError as error:
        conflict = error if isinstance(error, drafting.EditConflictError) else None
        again = desk_of(agreement_id)
        return _page(again, place, refused(form, error), conflict), error.status
    tell_saved(_("Saved: %(what)s", what=place_words.name(str(place))), before, now)
    return redirect(url_for(".terms", agreement_id=agreement_id), 303)


def _asked(desk: Desk, text: str) -> tuple[Place, TermForm]:
    """Read which term is meant; raises NotFoundError for what is none of this agreement."""
    try:
        place = read_place(text)
        value_at(document_of(desk.agreement), text)
    except (PlaceError, EditError):
        raise NotFoundError from None
    found = form_of(place)
    if found is None:
        raise NotFoundError
    return place, found


def _places(document: AgreementDocument) -> dict[str, list[Place]]:
    """List by part every place that has a term or could have one."""
    tracks = document.tracks
    rows = [(track, partner) for track in tracks for partner in partners_of(document, track)]
    return {
        "agreement": [
            Place(PlaceKind.HEADER, name=part)
            for part in HeaderPart
            if part is not HeaderPart.DERIVED_FROM
        ],
        "parties": [
            Place(PlaceKind.PARTY, None, code) for code in Partner if code in POSSIBLE_PARTIES
        ],
        "purposes": [
            Place(PlaceKind.PURPOSE, one.track, name=one.code) for one in document.purpose_terms
        ],
        "non_purposes": [Place(PlaceKind.NON_PURPOSE, name=code) for code in NonPurpose],
        "tracks": [Place(PlaceKind.TRACK, track) for track in tracks],
        "phases": [Place(PlaceKind.PHASE, name=code) for code in Phase],
        "legal_bases": [Place(PlaceKind.BASIS, *row) for row in rows],
        "retention": [Place(PlaceKind.RETENTION, name=code) for code in RetentionObject],
    }


def _listed(document: AgreementDocument, places: list[Place]) -> list[Term]:
    """Say what stands at these places."""
    return [
        Term(
            str(place),
            place_words.short(place),
            _lines(document, place),
            document.reasons.get(str(place), ""),
        )
        for place in places
    ]


def _lines(document: AgreementDocument, place: Place) -> list[str]:
    """Say a term in lines; nothing when it is not there."""
    if place.kind is PlaceKind.PARTY:
        here = (party for party in document.parties if party.partner is place.partner)
        return [line for party in here for line in term_words.lines(party)]
    if place.kind is PlaceKind.HEADER and place.name == HeaderPart.PERIOD:
        header = document.agreement
        return [
            f"{term_words.HEADER[name]}: {term_words.lines(getattr(header, name))[0]}"
            for name in ("valid_from", "valid_until", "evaluation")
        ]
    part, entry = _entry(place)
    return term_words.lines(term_words.term_of(document, part, entry))


def _entry(place: Place) -> tuple[str, str]:
    """Give part and entry of a place, as the difference of two agreements names them."""
    parts = {
        PlaceKind.HEADER: ("agreement", place.name),
        PlaceKind.PURPOSE: ("purposes", f"{place.track} {place.name}"),
        PlaceKind.NON_PURPOSE: ("non_purposes", place.name),
        PlaceKind.TRACK: ("tracks", str(place.track)),
        PlaceKind.PHASE: ("phases", place.name),
        PlaceKind.BASIS: ("legal_bases", f"{place.track} {place.partner}"),
        PlaceKind.RETENTION: ("retention", place.name),
    }
    return parts[place.kind]


def _may_go(document: AgreementDocument, place: Place) -> bool:
    """Tell whether a term is there and can be taken out: an agreement cannot do without some."""
    stays = place.kind in ONLY_EDITED or place == CASE_AFTER_CLOSING
    return not stays and bool(value_at(document, str(place)))


def _as_it_is(desk: Desk, place: Place, asked: TermForm) -> Form:
    """Fill the form with a term as it is now."""
    document = document_of(desk.agreement)
    seen = mark_at(document, str(place))
    filled = asked.fill(document, place)
    reason = document.reasons.get(str(place), "")
    return forms.blank(**filled, place=str(place), seen=seen, reason=reason)


def _page(
    desk: Desk,
    place: Place,
    form: Form,
    conflict: drafting.EditConflictError | None = None,
) -> str:
    """Show the form of a term, after a conflict with what somebody else wrote."""
    document = document_of(desk.agreement)
    rows = {name.split(".")[1] for name in form.values if name.count(".") > 1}
    return render_template(
        "agreements/editor/term.html",
        desk=desk,
        place=place,
        name=place_words.name(str(place)),
        form=form,
        conflict=conflict,
        now=_lines(document, place) if conflict else [],
        rows=len(rows) + (MORE_PARTIES if place.kind is PlaceKind.PARTY else 0),
        may_go=_may_go(document, place),
        domains=[(str(code), str(term_words.DOMAINS[code])) for code in Domain],
        exclusions=[(str(code), str(term_words.EXCLUSIONS[code])) for code in Exclusion],
        units=[(code, str(text)) for code, text in term_words.PERIODS.items()],
        bases=choices.bases((document, drafting.model_of(desk.agreement))),
        purpose=words.purpose,
    )
