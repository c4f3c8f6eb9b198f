"""Changes of the terms around the matrix, each with why it departs from the model."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from pga.policy.codes import NonPurpose, Partner, Phase, Purpose, Track
from pga.policy.document import terms
from pga.policy.document.matrix import row_bases
from pga.policy.editing.kinds import (
    Kind,
    Reading,
    Spot,
    follower,
    keyed,
    partner_of,
    placed,
    reasoned,
    said_with,
    track_of,
    with_reason,
)
from pga.policy.errors import MissingPartError, UnknownPurposeError
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import (
    AgreementDocument,
    NonPurposeTerm,
    PhaseTerm,
    RetentionObject,
    RetentionTerm,
    RowBases,
    TrackTerm,
)
from pga.policy.writing import bases_data, retention_data, track_data


@dataclass(frozen=True, slots=True)
class WordingChange:
    """Other words for a purpose, a purpose that is ruled out or a phase.

    Without text a ruled out purpose or a phase is left out; a purpose cannot be.
    """

    place: Place
    text: str
    reason: str = ""

    @property
    def data(self) -> object:
        """Give text and reason; None for nothing."""
        return said_with({"text": self.text} if self.text else {}, self.reason)

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Put the words."""
        put = {
            PlaceKind.PURPOSE: self._purpose,
            PlaceKind.NON_PURPOSE: self._non_purpose,
            PlaceKind.PHASE: self._phase,
        }[self.place.kind]
        return with_reason(put(document, ahead_of), self.place, self.reason)

    def _purpose(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        if Purpose(self.place.name) not in document.purposes(track_of(document, self.place)):
            raise UnknownPurposeError
        if not self.text:
            raise MissingPartError
        changed = tuple(
            replace(term, text=self.text)
            if (term.track, term.code) == (self.place.track, self.place.name)
            else term
            for term in document.purpose_terms
        )
        return replace(document, purpose_terms=changed)

    def _non_purpose(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        new = (NonPurposeTerm(NonPurpose(self.place.name), self.text),) if self.text else ()
        spot = Spot(self.place.name, ahead_of, NonPurpose)
        changed = placed(document.non_purposes, new, lambda term: term.code, spot)
        return replace(document, non_purposes=changed)

    def _phase(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        new = (PhaseTerm(Phase(self.place.name), self.text),) if self.text else ()
        spot = Spot(self.place.name, ahead_of, Phase)
        return replace(document, phases=placed(document.phases, new, lambda term: term.code, spot))


@dataclass(frozen=True, slots=True)
class TrackChange:
    """Other people whom a track is for, or who stay out."""

    term: TrackTerm
    reason: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the track."""
        return Place(PlaceKind.TRACK, self.term.code)

    @property
    def data(self) -> object:
        """Give the term and the reason."""
        return said_with(track_data(self.term), self.reason)

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the term."""
        track = track_of(document, self.place)
        changed = tuple(self.term if term.code is track else term for term in document.track_terms)
        return with_reason(replace(document, track_terms=changed), self.place, self.reason)


@dataclass(frozen=True, slots=True)
class BasisChange:
    """Other legal bases of a partner, as provider and as recipient.

    Without a basis on either side the partner has none.
    """

    track: Track
    partner: Partner
    bases: RowBases
    reason: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the bases."""
        return Place(PlaceKind.BASIS, self.track, self.partner)

    @property
    def data(self) -> object:
        """Give the bases and the reason, each purpose by name; None for nothing."""
        sides = {"provide": self.bases.provide, "receive": self.bases.receive}
        said: dict[str, object] = {
            side: {str(purpose): str(basis) for purpose, basis in bases.items()}
            for side, bases in sides.items()
            if bases
        }
        return said_with(said, self.reason)

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the bases."""
        track = track_of(document, self.place)
        row = self.bases if self.bases.provide or self.bases.receive else None
        table = keyed(document.legal_bases.get(track, {}), self.partner, row)
        changed = keyed(document.legal_bases, track, table or None)
        return with_reason(replace(document, legal_bases=changed), self.place, self.reason)


@dataclass(frozen=True, slots=True)
class RetentionChange:
    """Another time for which something is kept, or none."""

    about: RetentionObject
    term: RetentionTerm | None
    reason: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the retention term."""
        return Place(PlaceKind.RETENTION, name=self.about)

    @property
    def data(self) -> object:
        """Give the term and the reason; None for nothing."""
        return said_with({} if self.term is None else retention_data(self.term), self.reason)

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Put the term."""
        if self.term is None and self.about is RetentionObject.CASE_AFTER_CLOSING:
            raise MissingPartError
        new = () if self.term is None else (self.term,)
        spot = Spot(self.about, ahead_of, RetentionObject)
        changed = placed(document.retention, new, lambda term: term.object, spot)
        return with_reason(replace(document, retention=changed), self.place, self.reason)


def _wording(document: AgreementDocument, place: Place) -> object:
    """Give the words at a place."""
    said: dict[PlaceKind, dict[tuple[str | None, str], str]] = {
        PlaceKind.PURPOSE: {(one.track, one.code): one.text for one in document.purpose_terms},
        PlaceKind.NON_PURPOSE: {(None, one.code): one.text for one in document.non_purposes},
        PlaceKind.PHASE: {(None, one.code): one.text for one in document.phases},
    }
    text = said[place.kind].get((place.track, place.name), "")
    return reasoned(document, place, {"text": text} if text else {})


def _read_wording(reading: Reading) -> WordingChange:
    """Read words and their reason."""
    text = reading.read.filled(reading.fields(("text",)).get("text"), "text")
    return WordingChange(reading.place, text, reading.reason)


def _track(document: AgreementDocument, place: Place) -> object:
    """Give whom a track is for."""
    track = track_of(document, place)
    (term,) = (term for term in document.track_terms if term.code is track)
    return reasoned(document, place, track_data(term))


def _read_track(reading: Reading) -> TrackChange:
    """Read whom a track is for."""
    keys = reading.fields(terms.TRACK_KEYS)
    if not keys:
        raise MissingPartError
    return TrackChange(terms.track_term(reading.read, keys, reading.track), reading.reason)


def _basis(document: AgreementDocument, place: Place) -> object:
    """Give the bases of a partner."""
    row = document.legal_bases.get(track_of(document, place), {}).get(partner_of(place))
    return reasoned(document, place, {} if row is None else bases_data(row))


def _read_basis(reading: Reading) -> BasisChange:
    """Read the bases of a partner."""
    keys = reading.fields((), ("provide", "receive"))
    purposes = reading.document.purposes(reading.track)
    bases = row_bases(reading.read, keys, reading.partner, purposes)
    return BasisChange(reading.track, reading.partner, bases, reading.reason)


def _retention(document: AgreementDocument, place: Place) -> object:
    """Give how long something is kept."""
    said = {term.object: retention_data(term) for term in document.retention}
    return reasoned(document, place, said.get(RetentionObject(place.name), {}))


def _read_retention(reading: Reading) -> RetentionChange:
    """Read how long something is kept."""
    about = RetentionObject(reading.place.name)
    keys = reading.fields(terms.RETENTION_KEYS)
    term = terms.retention_term(reading.read, keys, about) if keys else None
    return RetentionChange(about, term, reading.reason)


def _follower(document: AgreementDocument, place: Place) -> str:
    """Name the entry that follows the one at a place."""
    keys: dict[str, list[str]] = {
        PlaceKind.NON_PURPOSE: [term.code for term in document.non_purposes],
        PlaceKind.PHASE: [term.code for term in document.phases],
        PlaceKind.RETENTION: [term.object for term in document.retention],
    }
    return follower(keys[place.kind], {place.name})


KINDS = MappingProxyType(
    {
        PlaceKind.PURPOSE: Kind(_wording, _read_wording),
        PlaceKind.NON_PURPOSE: Kind(_wording, _read_wording, _follower),
        PlaceKind.PHASE: Kind(_wording, _read_wording, _follower),
        PlaceKind.TRACK: Kind(_track, _read_track),
        PlaceKind.BASIS: Kind(_basis, _read_basis),
        PlaceKind.RETENTION: Kind(_retention, _read_retention, _follower),
    }
)
