"""What always holds, over every room of both models and whatever the file looks like."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pga.agreements import library
from pga.policy.catalogue import Catalogue, Check, Mark, PairClosed
from pga.policy.catalogue_text import current
from pga.policy.codes import (
    ALL_MET,
    CATEGORIES,
    POSSIBLE_PARTIES,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.compile import Key, Outcomes, Standpoint, Table
from pga.policy.decide import Situation, decide, decide_screen
from pga.policy.document import dump, parse
from pga.policy.terms import AgreementDocument
from tests.policy.generated import SOUND, agreements

pytestmark = pytest.mark.unmeasured

ACTIONS = (PolicyAction.PROVIDE, PolicyAction.CONSULT)


def every_outcome(table: Table) -> Iterator[tuple[Standpoint, Key, Outcomes]]:
    """Give every cell of every room, for every purpose and for an unknown one."""
    for side_by_side in table.standpoints():
        verdicts = table.verdicts(side_by_side[0])
        for where in side_by_side:
            for key, outcomes in table.make_room(where, verdicts).items():
                yield where, key, outcomes


@pytest.mark.parametrize("track", Track)
def test_conditions_open_what_asks_them_and_nothing_else(
    tables: dict[Track, Table], track: Track
) -> None:
    """With every set of conditions: never less for more met, never more than the cells open."""
    for outcomes in {each for _, _, each in every_outcome(tables[track])}:
        for met in range(ALL_MET + 1):
            opens = outcomes.can_open and not outcomes.need & ~met
            assert outcomes.answer(met).is_allowed == opens


@pytest.mark.parametrize("track", Track)
def test_what_the_law_cuts_stays_cut_with_every_condition_met(
    tables: dict[Track, Table], track: Track
) -> None:
    limits = tables[track].limits
    for where, (provider, category, _), outcomes in every_outcome(tables[track]):
        if limits.forbids(provider, where.consumer, category, under_12=where.under_12):
            assert outcomes.answer(ALL_MET).code is Code.FORBIDDEN


@settings(max_examples=30)
@given(
    agreements,
    st.frozensets(st.sampled_from(Partner), min_size=1, max_size=3),
    st.frozensets(st.sampled_from(Partner), min_size=1, max_size=3),
    st.frozensets(st.sampled_from(Category), min_size=1, max_size=4),
)
def test_a_prohibition_of_another_edition_wins_from_any_agreement(
    document: AgreementDocument,
    providers: frozenset[Partner],
    consumers: frozenset[Partner],
    categories: frozenset[Category],
) -> None:
    rule = PairClosed(providers, consumers, categories)
    check = Check("P9", 1, "AVG 5", Mark.VERIFIED, "no", "Cut by law: no.", rule)
    table = Table(document, Catalogue("9", f"9 {rule}", (*current().checks, check)))
    for consumer in consumers:
        for provider in providers:
            for category in categories:
                here = situation(consumer)
                for action in ACTIONS:
                    found = decide(table, here, provider, category, action, ALL_MET)
                    assert not found.is_allowed
                    if category in CATEGORIES[Track.YOUTH]:
                        assert found.cut_by_law


def situation(consumer: Partner) -> Situation:
    return Situation(
        track=Track.YOUTH,
        phase=Phase.F3,
        purpose=Purpose.HELP,
        consumer=consumer,
        in_force=True,
        participant=True,
        parties=POSSIBLE_PARTIES | {Partner.BANK},
        age=15,
    )


def shuffled(value: Any, chance: Random) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Put every mapping and every list in another order, but the purposes: the first is default."""
    if isinstance(value, dict):
        pairs = list(value.items())
        chance.shuffle(pairs)
        return {key: each if key == "purposes" else shuffled(each, chance) for key, each in pairs}
    if isinstance(value, list):
        items = [shuffled(each, chance) for each in value]
        chance.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("consumer", [Partner.GPR, Partner.GCR, Partner.POL, Partner.WOC])
def test_the_order_of_a_file_never_matters_to_an_answer(consumer: Partner) -> None:
    chance = Random(consumer)  # noqa: S311 - no secret
    data = yaml.safe_load(library.model_text(Track.YOUTH))
    text = yaml.safe_dump(shuffled(data, chance), sort_keys=False, allow_unicode=True)
    here = situation(consumer)
    cells = [
        (provider, category, met)
        for provider in Partner
        for category in CATEGORIES[Track.YOUTH]
        for met in (0, ALL_MET)
    ]
    for action in ACTIONS:
        told = decide_screen(Table(parse(text)), here, cells, action)
        same = decide_screen(Table(library.model(Track.YOUTH)), here, cells, action)
        assert [sorted_obligations(each) for each in told] == [
            sorted_obligations(each) for each in same
        ]


def sorted_obligations(decision: Any) -> tuple[object, ...]:  # noqa: ANN401 - a decision
    """Give a decision without the order in which a clause lists its obligations and articles."""
    return (
        decision.code,
        decision.rule,
        decision.clause,
        decision.legal_basis,
        decision.exception_9_10,
        decision.secrecy,
        decision.conditions,
        decision.missing,
        sorted(decision.obligations),
        decision.verified,
        decision.cut_by_law,
        sorted(each.id for each in decision.explanation),
    )


@given(st.frozensets(st.text() | st.sampled_from(["STEP_UP", "consent", "release"])))
def test_what_is_no_condition_opens_nothing(words: frozenset[str]) -> None:
    table = Table(SOUND)
    unknown: Any = words - set(Condition)
    for category in (Category.D01, Category.D05, Category.D07):
        for provider in (Partner.POL, Partner.GGZ, Partner.SCH):
            asked = (provider, category, PolicyAction.CONSULT)
            bare = decide(table, situation(Partner.GPR), *asked)
            assert decide(table, situation(Partner.GPR), *asked, unknown) == bare


def test_a_category_purpose_or_track_that_is_not_there_opens_nothing() -> None:
    table = Table(parse(dump(SOUND)))
    for category in (Category.LOG, Category.CASE_NUMBER, Category.G01):
        for action in PolicyAction:
            found = decide(table, situation(Partner.GPR), Partner.POL, category, action, ALL_MET)
            assert not found.is_allowed
