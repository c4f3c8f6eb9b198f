"""What the limits demand of every flow: a second statement of the law, apart from the compiler's.

The compiler cuts pairs and asks conditions. Here each kind of check says in its own words who may
get what under which conditions, so that a fault of the compiler shows when a table is proven.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pga.policy.catalogue import (
    AftercareOnly,
    CaseOpen,
    Catalogue,
    CellClosed,
    CellNeeds,
    CellSide,
    Check,
    ChildClosed,
    PairClosed,
    Place,
    PurposeStated,
    Rule,
    SignalOnly,
)
from pga.policy.codes import (
    BIT,
    CASE_LEADS,
    CATEGORIES,
    PURPOSES,
    Category,
    Condition,
    Partner,
    PolicyAction,
    Stage,
    Track,
)
from pga.policy.compile import Key, Standpoint, standpoint
from pga.policy.flows import MOMENTS, PARTNERS, Flows, Needs
from pga.policy.limits import EDITIONS_KEPT
from pga.policy.verdict import EXCHANGES

# Every bit: nothing that a flow asks can be enough.
BARRED: Final = -1
# What these ask depends on stage, purpose or age; what cell and pair limits ask does not.
_TIMED: Final = (ChildClosed, PurposeStated, CaseOpen, SignalOnly, AftercareOnly)
_KEPT_IN_AFTERCARE: Final = frozenset({Category.D01, Category.D15, Category.D16})


def broken(catalogue: Catalogue, where: Standpoint, key: Key, need: int) -> tuple[Check, ...]:
    """Give the checks that a flow breaks which opens when `need` is met."""
    return tuple(check for check in catalogue.checks if demand(check.rule, where, key) & ~need)


def demand(rule: Rule, where: Standpoint, key: Key) -> int:
    """Give what a rule demands of a flow, as a mask: BARRED when it may not open at all."""
    provider, category, action = key
    match rule:
        case CellClosed(places):
            is_meant = CellSide.PROVIDE in _sides(places, provider, category) or (
                CellSide.CONSULT in _sides(places, where.consumer, category)
            )
            return BARRED if is_meant else 0
        case CellNeeds(places, condition):
            is_meant = CellSide.PROVIDE in _sides(places, provider, category) or (
                action is PolicyAction.CONSULT
                and CellSide.CONSULT in _sides(places, where.consumer, category)
            )
            return BIT[condition] if is_meant else 0
        case PairClosed(providers, consumers, categories):
            is_meant = (
                provider in providers and where.consumer in consumers and category in categories
            )
            return BARRED if is_meant else 0
        case _:
            return _demand_in_time(rule, where, category)


def _demand_in_time(rule: Rule, where: Standpoint, category: Category) -> int:
    """Give what a rule demands that depends on stage, purpose or age."""
    is_barred = False
    match rule:
        case ChildClosed(categories):
            is_barred = where.under_12 and category in categories
        case PurposeStated():
            is_barred = where.purpose is None
        case CaseOpen():
            is_barred = where.stage is Stage.CLOSED
        case SignalOnly():
            is_intake, is_signal = where.stage is Stage.INTAKE, category is Category.SIGNAL
            goes_astray = is_signal and where.consumer is not Partner.GPR
            is_barred = is_intake is not is_signal or goes_astray
        case AftercareOnly() if where.stage is Stage.AFTERCARE and where.consumer not in CASE_LEADS:
            if where.track is Track.YOUTH and category in _KEPT_IN_AFTERCARE:
                return BIT[Condition.AFTERCARE_PARTNER]
            is_barred = True
        case _:  # in another stage, or on the text: bases, clauses, terms
            pass
    return BARRED if is_barred else 0


def _sides(places: tuple[Place, ...], partner: Partner, category: Category) -> frozenset[CellSide]:
    """Give the sides of a cell that these places mean."""
    return frozenset[CellSide]().union(*(one.sides_of(partner, category) for one in places))


@lru_cache(maxsize=8 * EDITIONS_KEPT)
def demands_of(catalogue: Catalogue, track: Track, *, under_12: bool, has_purpose: bool) -> Flows:
    """Give what a catalogue demands of every flow of a track; it depends on no agreement."""
    lasting = _lasting(catalogue, track)
    timed = [check.rule for check in catalogue.checks if isinstance(check.rule, _TIMED)]
    purpose = PURPOSES[track][0] if has_purpose else None
    found = {}
    for category, square in lasting.items():
        columns = []
        for consumer in PARTNERS:
            column = []
            for stage, _ in MOMENTS:
                where = standpoint(track, stage, purpose, consumer, under_12=under_12)
                column.append(_all_of(timed, where, (consumer, category, EXCHANGES[0])))
            columns.append(column)
        found[category] = tuple(
            tuple(
                tuple(always | now for always, now in zip(needs, column, strict=True))
                for needs, column in zip(row, columns, strict=True)
            )
            for row in square
        )
    return found


@lru_cache(maxsize=2 * EDITIONS_KEPT)
def _lasting(catalogue: Catalogue, track: Track) -> Flows:
    """Give what holds at every moment, whatever stage, purpose and age."""
    of_category = {
        category: [check.rule for check in catalogue.checks if category in _lastingly(check.rule)]
        for category in (*CATEGORIES[track], Category.SIGNAL)
    }

    def needs(provider: Partner, consumer: Partner, category: Category) -> Needs:
        rules = of_category[category]
        where = standpoint(track, Stage.FULL, None, consumer, under_12=False)
        of_action = {
            action: _all_of(rules, where, (provider, category, action)) for action in EXCHANGES
        }
        return tuple(of_action[action] for _, action in MOMENTS)

    return {
        category: tuple(
            tuple(needs(provider, consumer, category) for consumer in PARTNERS)
            for provider in PARTNERS
        )
        for category in of_category
    }


def _lastingly(rule: Rule) -> frozenset[Category]:
    """Give the categories on which a cell or pair limit speaks; none for another kind."""
    match rule:
        case CellClosed(places) | CellNeeds(places):
            return frozenset[Category]().union(*(place.categories for place in places))
        case PairClosed():
            return rule.categories
        case _:
            return frozenset()


def _all_of(rules: Sequence[Rule], where: Standpoint, key: Key) -> int:
    """Give what rules demand together."""
    found = 0
    for rule in rules:
        found |= demand(rule, where, key)
    return found
