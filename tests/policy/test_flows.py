"""A comparison of two tables tells every flow that moved, whatever moved it."""

from dataclasses import replace
from itertools import product
from pathlib import Path

from hypothesis import given, settings

from pga.policy.codes import Category, Partner, Phase, PolicyAction, Stage, Track
from pga.policy.compile import EXCHANGES, Table
from pga.policy.diff import diff
from pga.policy.document import AgreementDocument, parse
from pga.policy.terms import Example, Remark
from pga.policy.verdict import Question, verdict_of
from tests.policy.generated import agreements

SOUND = (Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8")


def test_who_may_send_a_signal_now_or_no_longer_is_told_apart() -> None:
    bases = "    WOC: {provide: AVG_6_1_f, receive: AVG_6_1_f}\n"
    assert SOUND.count(bases) == 1
    changed = diff(Table(parse(SOUND)), Table(parse(SOUND.replace(bases, ""))))
    told = {
        (flow.effect.provider, flow.effect.consumer, flow.category, flow.effect.after)
        for flow in changed.flows
    }
    assert told == {(Partner.WOC, Partner.GPR, Category.SIGNAL, "closed")}
    assert all(flow.is_loss for flow in changed.flows)


@settings(max_examples=10)
@given(agreements, agreements)
def test_a_comparison_asks_every_question_of_both(
    one: AgreementDocument, other: AgreementDocument
) -> None:
    """Every effect is what the rules say of both, and no question that differs is left out."""
    found = diff(Table(one), Table(other))
    flows = [(flow.track, flow.category, flow.effect) for flow in found.flows]
    flows += [
        (change.track, change.category, effect)
        for change in found.cells
        for effect in (*change.gains, *change.loses)
    ]
    for track, category in {(change.track, change.category) for change in found.cells[:2]}:
        differing = {
            (provider, consumer, action, stage)
            for provider, consumer in product(Partner, Partner)
            for stage, action in product(Stage, EXCHANGES)
            if len(
                {
                    verdict_of(
                        each, Question(track, stage, provider, consumer, category, action)
                    ).asks
                    for each in (one, other)
                }
            )
            == 2
        }
        told = {effect[:4] for *place, effect in flows if place == [track, category]}
        assert told == differing


def test_remarks_reasons_and_examples_are_compared_too() -> None:
    before = parse(SOUND)
    example = Example(
        "Schools see no police records.",
        Track.YOUTH,
        Phase.F3,
        Partner.POL,
        Partner.SCH,
        Category.D05,
        PolicyAction.CONSULT,
        may=False,
    )
    remark = {Partner.SCH: {Category.D01: Remark(reason="Smaller schools.")}}
    after = replace(
        before,
        remarks={Track.YOUTH: remark},
        reasons={"phase F1": "We call it otherwise."},
        examples=(example,),
    )
    found = diff(Table(before), Table(after))
    assert [(term.part, term.entry) for term in found.terms] == [
        ("remarks", "youth SCH D01"),
        ("reasons", "phase F1"),
        ("examples", f"youth {example.question}"),
    ]
    assert not found.cells
