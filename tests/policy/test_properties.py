"""What holds for every agreement and every situation, whatever they say."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from random import Random
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pga.policy.codes import (
    ALL_MET,
    CATEGORIES,
    CRIMINAL,
    PLAN_AND_ACTIONS,
    Block,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
    mask_of,
)
from pga.policy.compile import Table
from pga.policy.decide import Decision, Situation, decide, decide_screen
from pga.policy.document import AgreementDocument, DocumentError, dump, parse
from pga.policy.explain import explain
from pga.policy.sections import sections
from tests.policy.generated import actions, agreements, met, tables

K = TypeVar("K")
V = TypeVar("V")

situations = st.builds(
    Situation,
    track=st.sampled_from(Track),
    phase=st.sampled_from(Phase),
    aftercare=st.none() | st.booleans(),
    purpose=st.sampled_from([*Purpose, "INVESTIGATION"]),
    consumer=st.sampled_from(Partner),
    in_force=st.sampled_from([True, True, True, False]),
    participant=st.sampled_from([True, True, True, False]),
    parties=st.frozensets(st.sampled_from(Partner), min_size=12),
    age=st.none() | st.integers(0, 30),
    blocks=st.frozensets(st.sampled_from(Block), max_size=1),
)
questions = st.tuples(st.sampled_from(Partner), st.sampled_from(Category), actions)


@given(tables, situations, questions, met, met)
def test_a_met_condition_never_closes_anything(
    table: Table,
    here: Situation,
    asked: tuple[Partner, Category, PolicyAction],
    some: frozenset[Condition],
    more: frozenset[Condition],
) -> None:
    before = decide(table, here, *asked, some)
    after = decide(table, here, *asked, some | more)
    assert after.is_allowed or not before.is_allowed
    assert set(after.missing) <= set(before.missing)


@given(tables, situations, questions, met)
def test_a_met_condition_never_opens_what_the_agreement_closes(
    table: Table,
    here: Situation,
    asked: tuple[Partner, Category, PolicyAction],
    some: frozenset[Condition],
) -> None:
    nothing = decide(table, here, *asked)
    something = decide(table, here, *asked, some)
    if nothing.code not in {Code.ALLOWED, Code.CONDITION_UNMET}:
        assert something is nothing
    if something.is_allowed:
        assert not set(something.conditions) - some


@given(tables, situations, questions)
def test_what_opens_is_written_in_both_cells(
    table: Table, here: Situation, asked: tuple[Partner, Category, PolicyAction]
) -> None:
    provider, category, action = asked
    if decide(table, here, *asked, ALL_MET).is_allowed and category is not Category.SIGNAL:
        provide = table.document.cell(here.track, provider, category).provide
        consult = table.document.cell(here.track, here.consumer, category).consult
        assert provide.is_open
        assert consult.is_open
        asks = provide.need | (consult.need if action is PolicyAction.CONSULT else 0)
        assert not decide(table, here, *asked, ALL_MET & ~asks).is_allowed or not asks


@given(tables, situations, questions, met)
def test_prohibitions_always_win(
    table: Table,
    here: Situation,
    asked: tuple[Partner, Category, PolicyAction],
    some: frozenset[Condition],
) -> None:
    provider, category, action = asked
    found = decide(table, here, *asked, some)
    young = here.age is None or here.age < 12
    cut = (young and category in CRIMINAL) or (
        provider in {Partner.POL, Partner.OM}
        and here.consumer in {Partner.WOC, Partner.SCH, Partner.JWK}
        and category not in PLAN_AND_ACTIONS
    )
    stops_reading = here.blocks & {Block.RADICALISATION, Block.RESTRICTED}
    blocked = stops_reading or (here.blocks and action is PolicyAction.PROVIDE)
    if cut or blocked:
        assert not found.is_allowed


@given(agreements, situations, st.randoms(use_true_random=False), met)
def test_the_order_in_which_an_agreement_is_written_never_matters(
    document: AgreementDocument, here: Situation, chance: Random, some: frozenset[Condition]
) -> None:
    def shuffled(mapping: Mapping[K, V]) -> Mapping[K, V]:
        pairs = list(mapping.items())
        chance.shuffle(pairs)
        return MappingProxyType(dict(pairs))

    matrix = {
        track: shuffled({partner: shuffled(row) for partner, row in table.items()})
        for track, table in document.matrix.items()
    }
    clauses = list(document.clauses)
    chance.shuffle(clauses)
    other = replace(document, matrix=shuffled(matrix), clauses=tuple(clauses))
    asked = [(p, c, some) for p, c in product(Partner, CATEGORIES[here.track])]
    for action in (PolicyAction.PROVIDE, PolicyAction.CONSULT):
        first = decide_screen(Table(document), here, asked, action)
        assert decide_screen(Table(other), here, asked, action) == first


@given(tables, situations, questions, met, st.sampled_from(["age", "purpose", "aftercare"]))
def test_the_unknown_never_permits(
    table: Table,
    here: Situation,
    asked: tuple[Partner, Category, PolicyAction],
    some: frozenset[Condition],
    fact: str,
) -> None:
    unknown: dict[str, Any] = {"age": None, "purpose": "", "aftercare": None}
    if fact == "aftercare" and here.track is Track.MONEY_MULE:
        return  # that track has no aftercare, so there is nothing to know
    found = decide(table, replace(here, **{fact: unknown[fact]}), *asked, some)
    known = decide(table, here, *asked, some)
    scaled_down = decide(table, replace(here, aftercare=False), *asked, some)
    assert not found.is_allowed or known.is_allowed or scaled_down.is_allowed


@given(tables, situations, questions, met)
def test_a_whole_screen_answers_like_one_cell_at_a_time(
    table: Table,
    here: Situation,
    asked: tuple[Partner, Category, PolicyAction],
    some: frozenset[Condition],
) -> None:
    provider, category, action = asked
    (listed,) = decide_screen(table, here, [(provider, category, some)], action)
    assert listed is decide(table, here, provider, category, action, some)
    assert listed is decide(table, here, provider, category, action, mask_of(some))


@given(tables, situations, questions, met)
def test_every_answer_has_a_rule_and_a_reason_and_names_no_consent_as_basis(
    table: Table,
    here: Situation,
    asked: tuple[Partner, Category, PolicyAction],
    some: frozenset[Condition],
) -> None:
    found: Decision = decide(table, here, *asked, some)
    assert found.rule
    assert explain(found)
    for basis in found.legal_basis:
        assert "UAVG_22" not in basis
        assert "release" not in basis.lower()
    if not found.verified:
        assert explain(found)[-1].id == "legally to be checked"


@given(tables, situations)
def test_sections_never_promise_more_than_a_decision_gives(table: Table, here: Situation) -> None:
    for section in sections(table, here):
        if section.state in {"never", "own", "later", "cut_by_law", "blocked"}:
            for provider in set(Partner) - {here.consumer}:
                asked = (provider, section.category, PolicyAction.CONSULT)
                assert not decide(table, here, *asked, ALL_MET).is_allowed


@settings(max_examples=20)  # writing YAML is slow
@given(agreements)
def test_what_is_dumped_is_read_back_the_same(document: AgreementDocument) -> None:
    again = parse(dump(document))
    assert again == document
    assert Table(again).policy_hash == Table(document).policy_hash


@given(st.text())
def test_any_text_is_an_agreement_or_tells_its_faults(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert all(problem.line >= 1 for problem in caught.value.problems)
