"""Changes of the head of an agreement: what it is called, when it holds, who its parties are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from pga.policy.codes import Partner
from pga.policy.document import terms
from pga.policy.editing.kinds import (
    Kind,
    Reading,
    Spot,
    follower,
    partner_of,
    placed,
    reasoned,
    said_with,
    with_reason,
)
from pga.policy.errors import MissingPartError, OtherPlaceError, OwnModelError, PeriodError
from pga.policy.places import HeaderPart, Place, PlaceKind
from pga.policy.terms import AgreementDocument, Header, PartyTerm
from pga.policy.writing import party_data

_PUT: Mapping[HeaderPart, Callable[[Header, str], Header]] = MappingProxyType(
    {
        HeaderPart.NAME: lambda header, text: replace(header, name=text),
        HeaderPart.VERSION: lambda header, text: replace(header, version=text),
        HeaderPart.DERIVED_FROM: lambda header, text: replace(header, derived_from=text),
    }
)
_DAYS = ("valid_from", "valid_until", "evaluation")


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """Another name, version or model."""

    part: HeaderPart
    text: str

    @property
    def place(self) -> Place:
        """Give the place of the part."""
        return Place(PlaceKind.HEADER, name=self.part)

    @property
    def data(self) -> object:
        """Give the text by the key of the file."""
        return {str(self.part): self.text}

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the text. Raises OwnModelError when the agreement would name itself as its model."""
        header = _PUT[self.part](document.agreement, self.text)
        if header.title == header.derived_from:
            raise OwnModelError
        return replace(document, agreement=header)


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """Other days on which it begins, ends and is evaluated.

    `valid_until` includes its day.
    """

    valid_from: date
    valid_until: date
    evaluation: date

    @property
    def place(self) -> Place:
        """Give the place of the period."""
        return Place(PlaceKind.HEADER, name=HeaderPart.PERIOD)

    @property
    def data(self) -> object:
        """Give the days by the keys of the file."""
        return {
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "evaluation": self.evaluation.isoformat(),
        }

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the days. Raises PeriodError when the last lies before the first."""
        if self.valid_until < self.valid_from:
            raise PeriodError
        header = replace(
            document.agreement,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            evaluation=self.evaluation,
        )
        return replace(document, agreement=header)


@dataclass(frozen=True, slots=True)
class PartyChange:
    """Other parties of one kind: mostly one organisation, or none."""

    partner: Partner
    parties: tuple[PartyTerm, ...]
    reason: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the parties of this kind."""
        return Place(PlaceKind.PARTY, None, self.partner)

    @property
    def data(self) -> object:
        """Give the parties and the reason; None for nothing."""
        listed = [party_data(party) for party in self.parties]
        return said_with({"parties": listed} if listed else {}, self.reason)

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Put the parties, those of one kind together."""
        spot = Spot(self.partner, ahead_of, Partner)
        parties = placed(document.parties, self.parties, lambda party: party.partner, spot)
        return with_reason(replace(document, parties=parties), self.place, self.reason)


def _header(document: AgreementDocument, place: Place) -> object:
    """Give a part of the header."""
    header = document.agreement
    if place.name == HeaderPart.PERIOD:
        return PeriodChange(header.valid_from, header.valid_until, header.evaluation).data
    return {place.name: getattr(header, place.name)}


def _read_header(reading: Reading) -> HeaderChange | PeriodChange:
    """Read a part of the header."""
    part, read = HeaderPart(reading.place.name), reading.read
    if reading.is_left_out:
        raise MissingPartError
    if part is HeaderPart.PERIOD:
        keys = reading.fields(_DAYS)
        return PeriodChange(*(read.day(keys.get(name), name) for name in _DAYS))
    node = reading.fields((part,)).get(part)
    is_needed = part is not HeaderPart.DERIVED_FROM
    return HeaderChange(part, read.filled(node, part) if is_needed else read.text(node, part))


def _party(document: AgreementDocument, place: Place) -> object:
    """Give the parties of one kind."""
    partner = partner_of(place)
    listed = [party_data(party) for party in document.parties if party.partner is partner]
    return reasoned(document, place, {"parties": listed} if listed else {})


def _read_party(reading: Reading) -> PartyChange:
    """Read the parties of one kind."""
    node = reading.fields(("parties",)).get("parties")
    found = () if node is None else terms.parties(reading.read, node)
    if any(party.partner is not reading.partner for party in found):
        raise OtherPlaceError
    return PartyChange(reading.partner, found, reading.reason)


def _party_behind(document: AgreementDocument, place: Place) -> str:
    """Name the kind of party that follows the one at a place."""
    return follower([party.partner for party in document.parties], {partner_of(place)})


KINDS = MappingProxyType(
    {
        PlaceKind.HEADER: Kind(_header, _read_header),
        PlaceKind.PARTY: Kind(_party, _read_party, _party_behind),
    }
)
