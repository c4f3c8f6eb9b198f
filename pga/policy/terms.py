"""The terms of an agreement, as typed values that cannot be changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from pga.policy.cells import SHUT, Cell
from pga.policy.codes import (
    Category,
    Condition,
    Exclusion,
    NonPurpose,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
    mask_of,
)
from pga.policy.laws import LegalBasis, Obligation, WayOut

_TERM = re.compile(r"P(\d{1,4})([DWMY])")
_DAYS = {"D": 1, "W": 7, "M": 31, "Y": 366}


class Domain(StrEnum):
    """The domain a partner works in (domein)."""

    CARE = "Z"
    SECURITY = "V"
    ADMINISTRATION = "B"
    SOCIAL = "S"
    ADMINISTRATION_CARE = "B/Z"
    CARE_SECURITY = "Z/V"
    SECURITY_SOCIAL = "V/S"
    ALL = "Z/V/B"


class RetentionObject(StrEnum):
    """What a retention term is about (bewaarobject)."""

    SIGNAL_NOT_ADMITTED = "signal_not_admitted"
    REJECTED_IN_TRIAGE = "rejected_in_triage"
    CASE_AFTER_CLOSING = "case_after_closing"
    CRIMINAL_ITEMS = "criminal_items"
    RELEASE_RECORDS = "release_records"
    AUDIT_LOG = "audit_log"


@dataclass(frozen=True, slots=True)
class Header:
    """What an agreement is called and when it holds; `valid_until` includes its day.

    `municipality` is a CBS code, and empty in a model.
    """

    name: str
    municipality: str
    version: str
    derived_from: str
    valid_from: date
    valid_until: date
    evaluation: date

    @property
    def title(self) -> str:
        """Give name and version, by which one agreement names another it is derived from."""
        return f"{self.name} {self.version}"

    def holds_on(self, day: date) -> bool:
        """Tell whether a day lies within the term (R-01)."""
        return self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class PartyTerm:
    """A party of the agreement (convenantpartij): who it is and who signs for it."""

    partner: Partner
    name: str
    domain: Domain
    represented_by: str


@dataclass(frozen=True, slots=True)
class PurposeTerm:
    """A purpose of one track (doel)."""

    code: Purpose
    track: Track
    text: str


@dataclass(frozen=True, slots=True)
class NonPurposeTerm:
    """A purpose that is ruled out (uitgesloten doel)."""

    code: NonPurpose
    text: str


@dataclass(frozen=True, slots=True)
class TrackTerm:
    """Whom a track is for (doelgroep) and who stays out; ages in years, both included."""

    code: Track
    age_from: int
    age_until: int
    target_group: str
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True)
class PhaseTerm:
    """What happens in a phase (fase)."""

    code: Phase
    text: str


@dataclass(frozen=True, slots=True)
class RowBases:
    """The legal basis of one partner per purpose, as provider and as recipient."""

    provide: Mapping[Purpose, LegalBasis]
    receive: Mapping[Purpose, LegalBasis]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause (bepaling): what holds for one partner and a group of categories.

    `basis` takes the place of the partner's own row when it provides these categories; empty
    means the row. `verified` is false until a named lawyer has confirmed the clause.
    """

    id: str
    track: Track
    partner: Partner
    categories: tuple[Category, ...]
    text: str
    articles: tuple[str, ...]
    basis: LegalBasis | None
    exception: str
    secrecy: WayOut
    obligations: tuple[Obligation, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A period as the standard writes it (ISO 8601): P4W, P3M, P1Y."""

    text: str

    @property
    def days(self) -> int:
        """Give the longest number of days it can take."""
        match = _TERM.fullmatch(self.text)
        return int(match[1]) * _DAYS[match[2]] if match else 0


@dataclass(frozen=True, slots=True)
class RetentionTerm:
    """How long something is kept (bewaartermijn) and on what ground."""

    object: RetentionObject
    term: Term
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said about one cell (opmerking bij een cel).

    `reason` tells why it is otherwise than in the model, `comment` whatever else.
    """

    reason: str = ""
    comment: str = ""


Remarks = Mapping[Track, Mapping[Partner, Mapping[Category, Remark]]]
_NO_REMARK = Remark()


@dataclass(frozen=True, slots=True)
class Example:
    """What must come out (voorbeeld), as a test of the agreement.

    Whether a provider may bring a category to a recipient, or that one may consult it, in a phase
    and with these conditions met. Without a purpose the first of the track counts.
    """

    text: str
    track: Track
    phase: Phase
    provider: Partner
    consumer: Partner
    category: Category
    action: PolicyAction
    may: bool
    conditions: tuple[Condition, ...] = ()
    purpose: Purpose | None = None

    @property
    def question(self) -> str:
        """Give all that it asks, its track apart, in one line; conditions as their mask."""
        who = (self.provider, self.consumer, self.category, self.action)
        return " ".join((self.phase, self.purpose or "-", *who, str(mask_of(self.conditions))))


@dataclass(frozen=True, slots=True)
class AgreementDocument:
    """One version of an agreement (convenant), whole.

    `matrix` holds only the cells that are written; `cell()` gives X/X for every other. `remarks`
    are about cells. `reasons` tell why other terms are otherwise than in the model, by their place
    (`pga.policy.places`).
    """

    agreement: Header
    parties: tuple[PartyTerm, ...]
    purpose_terms: tuple[PurposeTerm, ...]
    non_purposes: tuple[NonPurposeTerm, ...]
    track_terms: tuple[TrackTerm, ...]
    phases: tuple[PhaseTerm, ...]
    matrix: Mapping[Track, Mapping[Partner, Mapping[Category, Cell]]]
    legal_bases: Mapping[Track, Mapping[Partner, RowBases]]
    clauses: tuple[Clause, ...]
    retention: tuple[RetentionTerm, ...]
    remarks: Remarks = field(default_factory=lambda: MappingProxyType({}))
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: tuple[Example, ...] = ()

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Give the tracks this agreement covers."""
        return tuple(term.code for term in self.track_terms)

    def purposes(self, track: Track) -> tuple[Purpose, ...]:
        """Give the purposes of a track; the first is the default (R-02)."""
        return tuple(term.code for term in self.purpose_terms if term.track is track)

    def row(self, track: Track, partner: Partner) -> Mapping[Category, Cell]:
        """Give the written cells of one partner."""
        return self.matrix.get(track, {}).get(partner, {})

    def cell(self, track: Track, partner: Partner, category: Category) -> Cell:
        """Give a cell; a missing row or cell is X/X."""
        return self.row(track, partner).get(category, SHUT)

    def remark(self, track: Track, partner: Partner, category: Category) -> Remark:
        """Give what is said about a cell; nothing is an empty remark."""
        return self.remarks.get(track, {}).get(partner, {}).get(category, _NO_REMARK)


def is_term(text: str) -> bool:
    """Tell whether a text is a period, as in P4W."""
    return _TERM.fullmatch(text) is not None
