"""The terms around the matrix as forms: what is filled in for each kind of place, and the change.

Every kind of place has a schema, what the form starts with, and how what is filled in becomes a
change. Which of them there are is what the file of an agreement can hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema, fields, validate

from pga.agreements.draft_schemas import (
    HASH_HEX,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_VERSION,
    is_basis,
)
from pga.policy.codes import Exclusion, Purpose
from pga.policy.editing import (
    BasisChange,
    Change,
    HeaderChange,
    PartyChange,
    PeriodChange,
    RetentionChange,
    TrackChange,
    WordingChange,
)
from pga.policy.editing.kinds import partner_of, track_of
from pga.policy.laws import LegalBasis, read_basis
from pga.policy.places import HeaderPart, Place, PlaceKind
from pga.policy.terms import (
    AgreementDocument,
    Domain,
    PartyTerm,
    RetentionObject,
    RetentionTerm,
    RowBases,
    Term,
    TrackTerm,
)

Values = dict[str, str | list[str]]
UNITS: Final = ("D", "W", "M", "Y")
OLDEST: Final = 99


class PlaceSchema(Schema):
    """What every form of a place carries: which place, what was seen there, and why."""

    place = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    remove = fields.Boolean(load_default=False)


class LineSchema(PlaceSchema):
    """A name or a version."""

    text = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))


class VersionSchema(PlaceSchema):
    """The number of a version."""

    text = fields.String(required=True, validate=validate.Length(max=LONGEST_VERSION))


class PeriodSchema(PlaceSchema):
    """The term, last day included, and by when it is evaluated."""

    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    evaluation = fields.Date(required=True)


class PartyRowSchema(Schema):
    """One organisation that takes part."""

    name = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))
    domain = fields.String(required=True, validate=validate.OneOf(list(Domain)))
    represented_by = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))


class PartySchema(PlaceSchema):
    """The parties of one kind."""

    parties = fields.List(fields.Nested(PartyRowSchema), load_default=list)


class WordingSchema(PlaceSchema):
    """The words of a purpose or a phase."""

    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))


class TrackSchema(PlaceSchema):
    """Whom a track is for, ages included, and who stays out."""

    age_from = fields.Integer(required=True, validate=validate.Range(0, OLDEST))
    age_until = fields.Integer(required=True, validate=validate.Range(0, OLDEST))
    target_group = fields.String(required=True, validate=validate.Length(max=LONGEST_TEXT))
    exclusions = fields.List(
        fields.String(validate=validate.OneOf(list(Exclusion))), load_default=list
    )


class BasisRowSchema(Schema):
    """The legal bases for one purpose."""

    purpose = fields.String(required=True, validate=validate.OneOf(list(Purpose)))
    provide = fields.String(load_default="", validate=is_basis)
    receive = fields.String(load_default="", validate=is_basis)


class BasisSchema(PlaceSchema):
    """The legal bases of a partner, purpose by purpose."""

    bases = fields.List(fields.Nested(BasisRowSchema), load_default=list)


class RetentionSchema(PlaceSchema):
    """How long something is kept."""

    count = fields.Integer(required=True, validate=validate.Range(1, 9999))
    unit = fields.String(required=True, validate=validate.OneOf(UNITS))
    text = fields.String(required=True, validate=validate.Length(max=LONGEST_TEXT))
    basis = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))


@dataclass(frozen=True, slots=True)
class TermForm:
    """How a kind of place is filled in, and how that becomes a change."""

    schema: type[Schema]
    fill: Callable[[AgreementDocument, Place], Values]
    change: Callable[[AgreementDocument, Place, Mapping[str, Any]], Change]


def _fill_line(document: AgreementDocument, place: Place) -> Values:
    """Start with the name or version as it is."""
    return {"text": str(getattr(document.agreement, place.name))}


def _change_line(_document: AgreementDocument, place: Place, data: Mapping[str, Any]) -> Change:
    """Write a name or version."""
    return HeaderChange(HeaderPart(place.name), data["text"].strip())


def _fill_period(document: AgreementDocument, _place: Place) -> Values:
    """Start with the days as they are."""
    names = ("valid_from", "valid_until", "evaluation")
    return {name: getattr(document.agreement, name).isoformat() for name in names}


def _change_period(_document: AgreementDocument, _place: Place, data: Mapping[str, Any]) -> Change:
    """Write the days."""
    return PeriodChange(data["valid_from"], data["valid_until"], data["evaluation"])


def _fill_party(document: AgreementDocument, place: Place) -> Values:
    """Start with the parties of this kind."""
    found: Values = {}
    here = (party for party in document.parties if party.partner is place.partner)
    for number, party in enumerate(here):
        found[f"parties.{number}.name"] = party.name
        found[f"parties.{number}.domain"] = party.domain
        found[f"parties.{number}.represented_by"] = party.represented_by
    return found


def _change_party(_document: AgreementDocument, place: Place, data: Mapping[str, Any]) -> Change:
    """Write the parties of this kind, or take them out."""
    partner = partner_of(place)
    rows = [] if data["remove"] else data["parties"]
    parties = tuple(
        PartyTerm(partner, row["name"], Domain(row["domain"]), row["represented_by"])
        for row in rows
    )
    return PartyChange(partner, parties, data["reason"])


def _fill_wording(document: AgreementDocument, place: Place) -> Values:
    """Start with the words as they are."""
    found = {
        PlaceKind.PURPOSE: {
            (term.track, term.code): term.text for term in document.purpose_terms
        }.get((place.track, place.name)),  # type: ignore[arg-type]
        PlaceKind.NON_PURPOSE: {str(t.code): t.text for t in document.non_purposes}.get(place.name),
        PlaceKind.PHASE: {str(term.code): term.text for term in document.phases}.get(place.name),
    }[place.kind]
    return {"text": found or ""}


def _change_wording(_document: AgreementDocument, place: Place, data: Mapping[str, Any]) -> Change:
    """Write the words, or take them out."""
    return WordingChange(place, "" if data["remove"] else data["text"].strip(), data["reason"])


def _fill_track(document: AgreementDocument, place: Place) -> Values:
    """Start with whom the track is for now."""
    term = next(one for one in document.track_terms if one.code is place.track)
    return {
        "age_from": str(term.age_from),
        "age_until": str(term.age_until),
        "target_group": term.target_group,
        "exclusions": [str(code) for code in term.exclusions],
    }


def _change_track(document: AgreementDocument, place: Place, data: Mapping[str, Any]) -> Change:
    """Write whom the track is for."""
    term = next(one for one in document.track_terms if one.code is place.track)
    chosen = tuple(code for code in Exclusion if code in data["exclusions"])
    changed = TrackTerm(
        term.code, data["age_from"], data["age_until"], data["target_group"].strip(), chosen
    )
    return TrackChange(changed, data["reason"])


def _fill_basis(document: AgreementDocument, place: Place) -> Values:
    """Start with the bases of the partner, a row for each purpose."""
    track = track_of(document, place)
    row = document.legal_bases.get(track, {}).get(partner_of(place))
    found: Values = {}
    for number, purpose in enumerate(document.purposes(track)):
        found[f"bases.{number}.purpose"] = purpose
        for side in ("provide", "receive"):
            bases: Mapping[Purpose, LegalBasis] = {} if row is None else getattr(row, side)
            found[f"bases.{number}.{side}"] = str(bases.get(purpose, ""))
    return found


def _change_basis(document: AgreementDocument, place: Place, data: Mapping[str, Any]) -> Change:
    """Write the bases of the partner; without any the partner has none."""
    sides = (
        MappingProxyType(
            {Purpose(row["purpose"]): read_basis(row[side]) for row in data["bases"] if row[side]}
        )
        for side in ("provide", "receive")
    )
    bases = RowBases(*sides)
    return BasisChange(track_of(document, place), partner_of(place), bases, data["reason"])


def _fill_retention(document: AgreementDocument, place: Place) -> Values:
    """Start with how long it is kept now."""
    found = next((term for term in document.retention if term.object == place.name), None)
    if found is None:
        return {"unit": "Y"}
    return {
        "count": found.term.text[1:-1],
        "unit": found.term.text[-1],
        "text": found.text,
        "basis": found.basis,
    }


def _change_retention(
    _document: AgreementDocument, place: Place, data: Mapping[str, Any]
) -> Change:
    """Write how long it is kept, or take that out."""
    about = RetentionObject(place.name)
    if data["remove"]:
        return RetentionChange(about, None, data["reason"])
    term = Term(f"P{data['count']}{data['unit']}")
    kept = RetentionTerm(about, term, data["text"].strip(), data["basis"].strip())
    return RetentionChange(about, kept, data["reason"])


_WORDING = TermForm(WordingSchema, _fill_wording, _change_wording)
_FORMS: Final[Mapping[tuple[PlaceKind, str], TermForm]] = MappingProxyType(
    {
        (PlaceKind.HEADER, HeaderPart.NAME): TermForm(LineSchema, _fill_line, _change_line),
        (PlaceKind.HEADER, HeaderPart.VERSION): TermForm(VersionSchema, _fill_line, _change_line),
        (PlaceKind.HEADER, HeaderPart.PERIOD): TermForm(PeriodSchema, _fill_period, _change_period),
        (PlaceKind.PARTY, ""): TermForm(PartySchema, _fill_party, _change_party),
        (PlaceKind.PURPOSE, ""): _WORDING,
        (PlaceKind.NON_PURPOSE, ""): _WORDING,
        (PlaceKind.PHASE, ""): _WORDING,
        (PlaceKind.TRACK, ""): TermForm(TrackSchema, _fill_track, _change_track),
        (PlaceKind.BASIS, ""): TermForm(BasisSchema, _fill_basis, _change_basis),
        (PlaceKind.RETENTION, ""): TermForm(RetentionSchema, _fill_retention, _change_retention),
    }
)


def form_of(place: Place) -> TermForm | None:
    """Give how a place is filled in; None for one that is no term, such as a cell."""
    part = place.name if place.kind is PlaceKind.HEADER else ""
    return _FORMS.get((place.kind, part))
