"""All partners at a glance: who may get what from whom, and how widely each cell opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import permutations, product
from operator import and_
from types import MappingProxyType
from typing import Final

from pga.policy.catalogue import CellSide
from pga.policy.codes import (
    ALL_MET,
    CATEGORIES,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Stage,
    Track,
    conditions_in,
)
from pga.policy.compile import Outcomes, Table, standpoint
from pga.policy.decision import Decision
from pga.policy.flows import MOMENTS, PARTNERS, Flows, Needs, narrowed
from pga.policy.messages import FROM_CLAUSE, Why
from pga.policy.verdict import SHUT, Question, Verdict

_PLACE: Final = {partner: place for place, partner in enumerate(PARTNERS)}
_LATER: Final[Mapping[Stage, tuple[tuple[Stage, Phase], ...]]] = MappingProxyType(
    {
        Stage.INTAKE: ((Stage.FIRST, Phase.F1), (Stage.FULL, Phase.F2)),
        Stage.FIRST: ((Stage.FULL, Phase.F2),),
    }
)
_BY_CONSUMER: Final = frozenset({Why.CONSUMER_NEVER, Why.CONSUMER_OWN, Why.CONSUMER_LATER})


class Openness(StrEnum):
    """What a category is between two partners (openheid)."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    LATER = "later"
    CLOSED = "closed"
    CUT_BY_LAW = "cut_by_law"


@dataclass(frozen=True, slots=True)
class Pair:
    """A category between a provider and a recipient in one stage (paar partners).

    `at_best` is what is decided when all conditions are met, and says why it is closed when even
    then it is; `at_first` when none is, and says what is needed. `opens` is the phase in which it
    opens, when that is later. `shut_by` is the partner whose cell keeps it closed, None where it is
    no cell that does; `by_limit` tells that the law lets nobody open that cell.
    """

    provider: Partner
    consumer: Partner
    openness: Openness
    conditions: tuple[Condition, ...]
    opens: Phase | None
    shut_by: Partner | None
    by_limit: bool
    at_best: Decision
    at_first: Decision


@dataclass(frozen=True, slots=True)
class View:
    """From where one looks at an agreement (gezichtspunt): track, stage, action and purpose.

    Without a purpose the first of the track counts: it picks the basis, never what opens.
    """

    track: Track
    stage: Stage
    action: PolicyAction = PolicyAction.CONSULT
    purpose: Purpose | None = None
    under_12: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """How widely a category of one partner opens to others (openstelling), its own kind apart.

    `partners` are those between whom it can go, `free` those of them without a condition,
    `conditions` those that every one of them asks.
    """

    partners: tuple[Partner, ...]
    free: tuple[Partner, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """How widely everything opens in one view (hittekaart).

    `brings` has for each provider and category the recipients it reaches, `sees` for each recipient
    and category the providers it sees.
    """

    brings: Mapping[Partner, Mapping[Category, Heat]]
    sees: Mapping[Partner, Mapping[Category, Heat]]


def partners_in(table: Table, track: Track) -> tuple[Partner, ...]:
    """Give the partners with a row in a track, in the order of the file."""
    return tuple(table.document.matrix.get(track, {}))


def pairs(
    table: Table, view: View, category: Category, about: Partner | None = None
) -> tuple[Pair, ...]:
    """Tell for every provider and recipient with a row whether a category may go between them.

    Two organisations of one kind are a pair too. Provider by provider, in the order of the file;
    with `about`, only the pairs in which that partner takes part.
    """
    partners = partners_in(table, view.track)
    if category not in CATEGORIES[view.track] or not partners:
        return ()
    purpose = view.purpose or table.document.purposes(view.track)[0]
    is_known = purpose in table.document.purposes(view.track)
    square = _flows(table, view)[category]
    found = []
    for provider, consumer in product(partners, partners):
        if about not in {None, provider, consumer}:
            continue
        asked = Question(
            *(view.track, view.stage, provider, consumer, category, view.action, view.under_12)
        )
        verdict = table.verdict(asked)
        outcomes = _outcomes(table, asked, verdict, purpose)
        best, opens, shut_by = outcomes.answer(ALL_MET), None, None
        if best.code is Code.NO_RULE and is_known:
            opens = _opens(square[_PLACE[provider]][_PLACE[consumer]], view)
            shut_by = verdict.speaks if verdict.why in FROM_CLAUSE else None
        side = CellSide.CONSULT if verdict.why in _BY_CONSUMER else CellSide.PROVIDE
        found.append(
            Pair(
                *(provider, consumer, _openness(best, opens), best.conditions, opens, shut_by),
                by_limit=shut_by is not None and table.limits.shuts(side, shut_by, category),
                at_best=best,
                at_first=outcomes.answer(0),
            )
        )
    return tuple(found)


def _outcomes(table: Table, asked: Question, verdict: Verdict, purpose: Purpose) -> Outcomes:
    """Make the outcomes of one pair and category, for that is all that is shown."""
    track, stage, provider, consumer, category, action, under_12 = asked
    here = standpoint(track, stage, purpose, consumer, under_12=under_12)
    key = provider, category, action
    return table.make_room(here, {key: verdict})[key]


def heat(table: Table, view: View) -> HeatMap:
    """Give how widely every cell opens, on the side that brings and on the side that sees."""
    partners = partners_in(table, view.track)
    moment = MOMENTS.index((view.stage, view.action))
    asked = {
        (category, provider, consumer): square[_PLACE[provider]][_PLACE[consumer]][moment]
        for category, square in _flows(table, view).items()
        for provider, consumer in permutations(partners, 2)
    }

    def warmth(flows: Iterable[tuple[Partner, tuple[Category, Partner, Partner]]]) -> Heat:
        needs = {other: asked[flow] for other, flow in flows}
        reached = {other: need for other, need in needs.items() if need != SHUT}
        common = reduce(and_, reached.values()) if reached else 0
        free = tuple(other for other, need in reached.items() if not need)
        return Heat(tuple(reached), free, conditions_in(common))

    brings, sees = {}, {}
    for partner in partners:
        others = [other for other in partners if other is not partner]
        brings[partner] = {
            code: warmth((other, (code, partner, other)) for other in others)
            for code in CATEGORIES[view.track]
        }
        sees[partner] = {
            code: warmth((other, (code, other, partner)) for other in others)
            for code in CATEGORIES[view.track]
        }
    return HeatMap(brings, sees)


def _flows(table: Table, view: View) -> Flows:
    """Give what every flow of a track asks, for a youth of this age."""
    flows = table.flows(view.track)
    return narrowed(flows, table.limits, under_12=view.under_12, has_purpose=True)


def _opens(needs: Needs, view: View) -> Phase | None:
    """Give the phase after this one in which a flow opens; None for never."""
    for stage, phase in _LATER.get(view.stage, ()):
        if needs[MOMENTS.index((stage, view.action))] != SHUT:
            return phase
    return None


def _openness(best: Decision, opens: Phase | None) -> Openness:
    """Tell in a word what is decided at best."""
    if best.is_allowed:
        return Openness.CONDITIONAL if best.conditions else Openness.OPEN
    if best.cut_by_law:
        return Openness.CUT_BY_LAW
    return Openness.CLOSED if opens is None else Openness.LATER
