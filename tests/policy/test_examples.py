"""An example is a test of the agreement: the engine that decides must say what it says."""

from dataclasses import replace

import pytest

from pga.policy.codes import (
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.compile import Table
from pga.policy.editing import CellChange, apply, example_change
from pga.policy.examples import broken, broken_anew, run, sentence_of
from pga.policy.terms import Example

YOUTH = Track.YOUTH
CARE = Example(
    text="Probation sees no notes of mental health care in triage.",
    track=YOUTH,
    phase=Phase.F1,
    provider=Partner.GGZ,
    consumer=Partner.REC,
    category=Category.D10,
    action=PolicyAction.CONSULT,
    may=False,
    conditions=tuple(Condition),
)


def with_examples(table: Table, *examples: Example) -> Table:
    return Table(replace(table.document, examples=examples))


def test_an_example_holds_when_the_engine_says_the_same(youth: Table) -> None:
    (outcome,) = run(with_examples(youth, CARE))
    assert outcome.holds
    assert (outcome.example, outcome.decision.code) == (CARE, Code.NO_RULE)
    assert broken(with_examples(youth, CARE)) == []


def test_a_change_that_breaks_an_example_shows_which_and_why(youth: Table) -> None:
    tested = apply(youth.document, example_change(CARE))
    wider = apply(tested, CellChange(YOUTH, Partner.GGZ, Category.D10, "1t/R2n"))
    wider = apply(wider, CellChange(YOUTH, Partner.REC, Category.D10, "2n/R1n"))
    (outcome,) = broken(Table(wider))
    assert outcome.decision.is_allowed
    assert outcome.decision.rule == "GGZ>REC:D10:consult"


@pytest.mark.parametrize(
    ("conditions", "may"),
    [
        ((), False),
        ((Condition.SECRECY_RELEASE,), False),
        ((Condition.SECRECY_RELEASE, Condition.NAMED_RECIPIENT), True),
    ],
)
def test_only_the_conditions_of_the_example_are_met(
    youth: Table,
    conditions: tuple[Condition, ...],
    may: bool,  # noqa: FBT001 - from the table above
) -> None:
    asked = replace(CARE, phase=Phase.F3, conditions=conditions, may=may)
    assert run(with_examples(youth, asked))[0].holds
    assert not run(with_examples(youth, replace(asked, may=not may)))[0].holds


def test_an_example_is_about_a_case_in_which_nothing_else_stands_in_the_way(
    youth: Table, money_mule: Table
) -> None:
    police = replace(
        *(CARE,),
        provider=Partner.POL,
        consumer=Partner.GPR,
        category=Category.D05,
        phase=Phase.F2,
        conditions=(Condition.DISCLOSURE_DECISION,),
        may=True,
    )
    assert run(with_examples(youth, police))[0].holds
    bring = replace(police, action=PolicyAction.PROVIDE, purpose=Purpose.ORDER)
    (outcome,) = run(with_examples(youth, bring))
    assert outcome.holds
    bank = replace(police, consumer=Partner.BANK, may=False, conditions=tuple(Condition))
    assert run(with_examples(youth, bank))[0].decision.code is Code.NOT_A_PARTY
    elsewhere = run(with_examples(money_mule, police))[0]
    assert (elsewhere.holds, elsewhere.decision.code) == (False, Code.NOT_IN_FORCE)


@pytest.mark.parametrize(
    ("action", "may", "conditions", "sentence"),
    [
        (
            PolicyAction.CONSULT,
            True,
            (),
            "%(consumer)s may see %(category)s of %(provider)s in %(phase)s.",
        ),
        (
            PolicyAction.PROVIDE,
            False,
            (),
            "%(provider)s may not bring %(category)s to %(consumer)s in %(phase)s.",
        ),
        (
            PolicyAction.CONSULT,
            False,
            (Condition.WEIGHING_NOTE, Condition.STEP_UP),
            (
                "%(consumer)s may not see %(category)s of %(provider)s in %(phase)s, even when "
                "there is: %(conditions)s."
            ),
        ),
        (
            PolicyAction.PROVIDE,
            True,
            (Condition.WEIGHING_NOTE, Condition.STEP_UP),
            (
                "%(provider)s may bring %(category)s to %(consumer)s in %(phase)s when there is: "
                "%(conditions)s."
            ),
        ),
    ],
)
def test_an_example_is_said_in_one_sentence(
    action: PolicyAction,
    may: bool,  # noqa: FBT001 - from the table above
    conditions: tuple[Condition, ...],
    sentence: str,
) -> None:
    said = sentence_of(replace(CARE, action=action, may=may, conditions=conditions))
    assert said.id == sentence
    values = dict(said.values)
    assert values.pop("conditions", "") == "+".join(conditions)
    assert values == {"provider": "GGZ", "consumer": "REC", "category": "D10", "phase": "F1"}
    assert said.id % {**values, "conditions": ""}


def test_what_was_broken_already_is_not_broken_anew(youth: Table) -> None:
    already = replace(CARE, phase=Phase.F2, may=True)
    before = apply(apply(youth.document, example_change(CARE)), example_change(already))
    wider = apply(before, CellChange(YOUTH, Partner.GGZ, Category.D10, "1t/R2n"))
    wider = apply(wider, CellChange(YOUTH, Partner.REC, Category.D10, "2n/X"))
    opened = apply(wider, CellChange(YOUTH, Partner.REC, Category.D10, "2n/R1n"))
    was, now = run(Table(wider)), run(Table(opened))
    assert [one.example for one in broken_anew(was, now)] == [CARE]
    assert broken_anew(now, now) == []
