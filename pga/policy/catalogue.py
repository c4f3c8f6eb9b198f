"""The catalogue of guardrails: what no agreement may allow, as named and versioned checks.

A check is data: code, version, article, plain words and a rule with its parameters. The program
holds only the kinds of rule. There are no waivers: a limit found wrong changes in a new edition of
the catalogue, for all agreements at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from pga.policy.codes import Category, Condition, Exclusion, NonPurpose, Partner
from pga.policy.terms import RetentionObject, Term


class Mark(StrEnum):
    """How sure the article of a check is."""

    VERIFIED = "verified"
    TO_VERIFY = "to_verify"


class CellSide(StrEnum):
    """A side of a cell: what a partner brings, or what it sees."""

    PROVIDE = "provide"
    CONSULT = "consult"


@dataclass(frozen=True, slots=True)
class Place:
    """To which sides of which cells a rule speaks."""

    partners: frozenset[Partner]
    categories: frozenset[Category]
    sides: frozenset[CellSide]

    def sides_of(self, partner: Partner, category: Category) -> frozenset[CellSide]:
        """Give the sides of a cell that are meant."""
        is_meant = partner in self.partners and category in self.categories
        return self.sides if is_meant else frozenset()


@dataclass(frozen=True, slots=True)
class CellClosed:
    """These sides of these cells are X."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class CellNeeds:
    """These sides of these cells, where open, ask a condition."""

    places: tuple[Place, ...]
    condition: Condition


@dataclass(frozen=True, slots=True)
class HandoverOf:
    """Only these partners have a cell for a handover."""

    partners: frozenset[Partner]


@dataclass(frozen=True, slots=True)
class PairClosed:
    """Between these providers and recipients these categories are closed (paargrens)."""

    providers: frozenset[Partner]
    consumers: frozenset[Partner]
    categories: frozenset[Category]


@dataclass(frozen=True, slots=True)
class ChildClosed:
    """Under 12, or of unknown age, these categories are closed to everybody."""

    categories: frozenset[Category]


@dataclass(frozen=True, slots=True)
class BasisWithoutConsent:
    """No basis, of a row or of a clause, is a consent or a release (R-24)."""


@dataclass(frozen=True, slots=True)
class CellGrounded:
    """A cell that gives or takes has a clause and a legal basis (R-05)."""


@dataclass(frozen=True, slots=True)
class ExceptionStated:
    """The clause on these cells, where open, names an AVG 9 or 10 exception."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class RulesOut:
    """The agreement rules out a purpose."""

    non_purpose: NonPurpose


@dataclass(frozen=True, slots=True)
class KeepsOut:
    """Every track keeps somebody or something out."""

    exclusion: Exclusion


@dataclass(frozen=True, slots=True)
class AgeAtLeast:
    """No track begins at a younger age."""

    age: int


@dataclass(frozen=True, slots=True)
class KeptAtMost:
    """Something is kept no longer than a term."""

    object: RetentionObject
    term: Term


@dataclass(frozen=True, slots=True)
class PurposeStated:
    """Nothing opens for a purpose that the agreement does not have."""


@dataclass(frozen=True, slots=True)
class CaseOpen:
    """Nothing opens in a closed case."""


@dataclass(frozen=True, slots=True)
class SignalOnly:
    """In the signal phase only the signal goes, to the process lead, and never later (INTAKE)."""


@dataclass(frozen=True, slots=True)
class AftercareOnly:
    """In aftercare the named partner alone, and the leads, with three categories (AFTERCARE)."""


Rule = (
    CellClosed
    | CellNeeds
    | HandoverOf
    | PairClosed
    | ChildClosed
    | BasisWithoutConsent
    | CellGrounded
    | ExceptionStated
    | RulesOut
    | KeepsOut
    | AgeAtLeast
    | KeptAtMost
    | PurposeStated
    | CaseOpen
    | SignalOnly
    | AftercareOnly
)
KINDS: Mapping[str, type[Rule]] = MappingProxyType(
    {
        "cell_closed": CellClosed,
        "cell_needs": CellNeeds,
        "handover_of": HandoverOf,
        "pair_closed": PairClosed,
        "child_closed": ChildClosed,
        "basis_without_consent": BasisWithoutConsent,
        "cell_grounded": CellGrounded,
        "exception_stated": ExceptionStated,
        "rules_out": RulesOut,
        "keeps_out": KeepsOut,
        "age_at_least": AgeAtLeast,
        "kept_at_most": KeptAtMost,
        "purpose_stated": PurposeStated,
        "case_open": CaseOpen,
        "signal_only": SignalOnly,
        "aftercare_only": AftercareOnly,
    }
)
_KIND_OF = {rule: kind for kind, rule in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Check:
    """A statutory limit (wettelijke grens): what it says, on which article, in plain words.

    `text` says it in short and in codes, `explanation` says why, as a message id. `version` rises
    when what the check asks changes.
    """

    code: str
    version: int
    article: str
    mark: Mark
    text: str
    explanation: str
    rule: Rule

    @property
    def kind(self) -> str:
        """Give the name of its kind of rule."""
        return _KIND_OF[type(self.rule)]

    @property
    def is_verified(self) -> bool:
        """Tell whether the article is certain."""
        return self.mark is Mark.VERIFIED


@dataclass(frozen=True, eq=False)
class Catalogue:
    """One edition of the limits (catalogus van wettelijke grenzen).

    `sha256` is that of what it says, whatever its layout and order: two with the same are the
    same. The order of the checks makes no difference but to what is told first.
    """

    edition: str
    sha256: str
    checks: tuple[Check, ...] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Compare by what is said."""
        return isinstance(other, Catalogue) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.sha256)

    @cached_property
    def by_code(self) -> Mapping[str, Check]:
        """Give the checks by their code."""
        return MappingProxyType({check.code: check for check in self.checks})
