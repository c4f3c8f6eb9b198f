"""Decisions against engines of others and a bare dict, on the same rules, side by side in one run.

The rules are those of one recipient in the youth model, written for each engine from the text of
the agreement. Each engine is given its best case: policies parsed beforehand and only those of this
recipient, requests made beforehand, one call for all cells where it has one. Ours answers with the
whole decision and its explanation; theirs with yes or no.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product

import casbin
import yaml
from casbin.model import FastModel
from cedarpy import Entities, PolicySet, is_authorized_batch

from pga.policy.codes import ALL_MET, Category, Condition, Partner, PolicyAction, Track, mask_of
from pga.policy.decide import decide
from tests.benchmarks.bench_decide import HERE, SCREEN, TABLE
from tests.benchmarks.harness import Measured, bench, paired
from tests.factories.scene import FILES, LIBRARY
from tests.policy import cedar
from tests.policy.oracle import CODES, PARTNERS

CELLS = len(SCREEN)
WE = PolicyAction.CONSULT
PHASE = 3
BARE = re.compile(r'@id\("(?P<provider>\w+)>(?P<consumer>\w+):(?P<category>\w+)"\) permit\(.*?\)')
MODEL = """
[request_definition]
r = consumer, provider, category, phase, met
[policy_definition]
p = consumer, provider, category, first, asked
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.consumer == p.consumer && r.provider == p.provider && r.category == p.category \
&& r.phase >= p.first && covers(r.met, p.asked)
"""


def text() -> str:
    """Read the model of the youth track."""
    return (LIBRARY / FILES["youth"]).read_text("utf-8")


@cache
def answers(met: int) -> tuple[bool, ...]:
    """Give what our engine answers to the questions of a screen."""
    return tuple(
        decide(TABLE, HERE, provider, category, WE, met).is_allowed
        for provider, category, _ in SCREEN
    )


def against(theirs: Callable[[], object], per_round: int = CELLS) -> Measured:
    """Time a round of another engine and one of ours; give how many times ours is faster."""
    questions = [(Partner(provider), Category(category)) for provider, category, _ in SCREEN]

    def ours() -> None:
        for provider, category in questions:
            decide(TABLE, HERE, provider, category, WE, ALL_MET)

    found = paired(theirs, ours, rounds=11)
    return Measured(
        found.value * CELLS / per_round,
        {
            "theirs_us": found.raw["ours_us"] / per_round,
            "ours_us": found.raw["against_us"] / CELLS,
            "spread": found.raw["spread"],
        },
    )


@bench(unit="x", better="higher", goal=100.0, against="cedarpy, one call for 96 cells")
def decide_cell_vs_cedar() -> Measured:
    """Ask Cedar the same screen: how many times faster is ours, per cell?"""
    rules = (
        BARE.sub(
            rf'permit(principal == Partner::"{HERE.consumer}", action == Action::"consult", '
            r'resource == Item::"\g<provider> \g<category>")',
            line,
        )
        for line in cedar.policies(text(), Track.YOUTH, WE).splitlines()
        if f">{HERE.consumer}:" in line
    )
    made, nobody = PolicySet.from_str("\n".join(rules)), Entities.from_json_str("[]")

    def ask(met: int) -> list[bool]:
        context: dict[str, object] = {
            condition: bool(met & mask_of([condition])) for condition in Condition
        }
        requests: list[dict[str, object]] = [
            {
                "principal": {"type": "Partner", "id": str(HERE.consumer)},
                "action": {"type": "Action", "id": "consult"},
                "resource": {"type": "Item", "id": f"{provider} {category}"},
                "context": json.dumps({**context, "phase": PHASE, "age": HERE.age}),
            }
            for provider, category, _ in SCREEN
        ]
        ready[met] = requests
        found = is_authorized_batch(requests, made, nobody)
        assert not any(answer.diagnostics.errors for answer in found)
        return [answer.allowed for answer in found]

    ready: dict[int, list[dict[str, object]]] = {}
    for met in (0, ALL_MET):
        assert tuple(ask(met)) == answers(met)
    requests = ready[ALL_MET]
    return against(lambda: is_authorized_batch(requests, made, nobody))


@bench(unit="x", better="higher", goal=100.0, against="pycasbin's FastEnforcer, cell by cell")
def decide_cell_vs_casbin() -> Measured:
    """Ask Casbin the same screen: how many times faster is ours, per cell?"""
    found_by = [0, 1, 2]  # consumer, provider, category: this leaves one policy to look at
    model = FastModel(found_by)
    model.load_model_from_text(MODEL)
    enforcer = casbin.FastEnforcer(model, cache_key_order=found_by)
    enforcer.add_function("covers", lambda met, asked: set(asked.split()) <= set(met.split()))
    enforcer.add_policies(rows(text()))

    def ask(met: str) -> list[bool]:
        return [
            enforcer.enforce(str(HERE.consumer), str(provider), str(category), str(PHASE), met)
            for provider, category, _ in SCREEN
        ]

    everything = " ".join(Condition)
    assert tuple(ask("")) == answers(0)
    assert tuple(ask(everything)) == answers(ALL_MET)
    return against(lambda: ask(everything))


def rows(agreement: str) -> list[list[str]]:
    """Write what each provider may let each recipient consult, a row per flow, from the text."""
    matrix: Mapping[str, Mapping[str, str]] = yaml.safe_load(agreement)["matrix"]["youth"]
    found = []
    for provider, consumer, category in product(PARTNERS, PARTNERS, CODES["youth"]):
        gives = matrix.get(provider, {}).get(category, "X/X").split("/")[0]
        takes = matrix.get(consumer, {}).get(category, "X/X").split("/")[1]
        if gives[0] in cedar.GIVES and takes[:2] in cedar.TAKES:
            asked = {cedar.ON_PROVIDE[letter] for letter in gives[1:]}
            asked |= {cedar.ON_CONSULT[letter] for letter in takes[2:]}
            first = max(cedar.GIVES[gives[0]], cedar.TAKES[takes[:2]])
            found.append([consumer, provider, category, str(first), " ".join(sorted(asked))])
    return found
