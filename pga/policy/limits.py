"""What no agreement may allow: cell limits G1 to G5 and pair limits P1 and P2.

There are no waivers. Cell limits refuse an agreement. Pair limits are prohibitions compiled into
every table and shown as "cut by law". A limit found wrong changes here, in a new `EDITION`, for
all agreements at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pga.policy.cells import Cell
from pga.policy.codes import (
    BIT,
    BOUND_BY_SECRECY,
    CRIMINAL,
    PLAN_AND_ACTIONS,
    SECURITY_SOURCES,
    WITHOUT_CRIMINAL_DATA,
    Category,
    Condition,
    Partner,
)

EDITION = "2026-1"
RELEASE = BIT[Condition.SECRECY_RELEASE]
DECISION = BIT[Condition.DISCLOSURE_DECISION]
BSN_READERS = frozenset({Partner.GPR, Partner.GCR, Partner.GI, Partner.RVK})


@dataclass(frozen=True, slots=True)
class CellLimit:
    """A limit on every cell of every agreement (celgrens)."""

    code: str
    article: str
    text: str
    breaks: Callable[[Partner, Category, Cell], bool]


@dataclass(frozen=True, slots=True)
class PairLimit:
    """A limit on a provider and a recipient, or on a youth (paargrens)."""

    code: str
    article: str
    forbids: Callable[[Partner, Partner, Category, bool], bool]


def needs_decision(provider: Partner, category: Category) -> bool:
    """Tell whether what a provider brings leaves it only by written decision (G2)."""
    if category in PLAN_AND_ACTIONS:
        return False
    return provider in SECURITY_SOURCES or (provider is Partner.DJI and category is Category.D06)


def needs_release(provider: Partner, category: Category) -> bool:
    """Tell whether what a provider brings leaves it only by a release from secrecy (G3)."""
    if category is Category.D07:
        return True
    return provider in BOUND_BY_SECRECY and category not in PLAN_AND_ACTIONS


def needed_by_law(provider: Partner, category: Category) -> int:
    """Give the conditions that the law puts on a provider, whatever the cell says (G2, G3)."""
    return (DECISION if needs_decision(provider, category) else 0) | (
        RELEASE if needs_release(provider, category) else 0
    )


def _is_closed(cell: Cell) -> bool:
    """Tell whether both sides are X; `o` is not X here, for there may be no own data either."""
    return not cell.provide.is_open and cell.consult.sign in ("X", "handover")


def _breaks_g1(partner: Partner, category: Category, cell: Cell) -> bool:
    return partner in WITHOUT_CRIMINAL_DATA and category in CRIMINAL and not _is_closed(cell)


def _breaks_g2(partner: Partner, category: Category, cell: Cell) -> bool:
    lacks = cell.provide.is_open and not cell.provide.need & DECISION
    return needs_decision(partner, category) and lacks


def _breaks_g3(partner: Partner, category: Category, cell: Cell) -> bool:
    lacks = cell.provide.is_open and not cell.provide.need & RELEASE
    reads = category is Category.D07 and cell.consult.is_open and not cell.consult.need & RELEASE
    return (needs_release(partner, category) and lacks) or reads


def _breaks_g4(partner: Partner, category: Category, cell: Cell) -> bool:
    closed = cell.consult.sign in ("X", "handover")
    return category is Category.D02 and partner not in BSN_READERS and not closed


def _breaks_g5(_partner: Partner, category: Category, cell: Cell) -> bool:
    return category is Category.G10 and not _is_closed(cell)


CELL_LIMITS = (
    CellLimit(
        "G1",
        "AVG 10",
        "WOC, SCH and JWK neither bring nor see criminal data",
        _breaks_g1,
    ),
    CellLimit(
        "G2",
        "Wpg 18-20, Wjsg 39f",
        "police and judicial data leave only on a written decision: the cell needs b",
        _breaks_g2,
    ),
    CellLimit(
        "G3",
        "WGBO 7:457, Jeugdwet 7.3.11",
        "health content and what a care provider brings needs a release: the cell needs t",
        _breaks_g3,
    ),
    CellLimit("G4", "UAVG 46", "only GPR, GCR, GI and RVK see the citizen number", _breaks_g4),
    CellLimit("G5", "AVG 5(1)(c)", "bank transactions stay with the police", _breaks_g5),
)


def _forbids_p1(provider: Partner, consumer: Partner, category: Category, _under_12: bool) -> bool:  # noqa: FBT001 - one shape for all limits
    return (
        provider in SECURITY_SOURCES
        and consumer in WITHOUT_CRIMINAL_DATA
        and category not in PLAN_AND_ACTIONS
    )


def _forbids_p2(_provider: Partner, _consumer: Partner, category: Category, under_12: bool) -> bool:  # noqa: FBT001 - one shape for all limits
    return under_12 and category in CRIMINAL


PAIR_LIMITS = (
    PairLimit("P1", "AVG 10; Wpg 18-20, Wjsg 39f", _forbids_p1),
    PairLimit("P2", "Sv 486", _forbids_p2),
)


def pair_limit(
    provider: Partner, consumer: Partner, category: Category, *, under_12: bool
) -> PairLimit | None:
    """Give the first pair limit that forbids this, or None (R-07)."""
    for limit in PAIR_LIMITS:
        if limit.forbids(provider, consumer, category, under_12):
            return limit
    return None
