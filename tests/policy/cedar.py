"""The rules of an agreement as Cedar policies, made from its text alone.

Cedar is an engine of somebody else. It shares neither code nor words with ours: the text is read as
plain YAML, each cell as letters. There is one policy for every flow of an action: from whom, to
whom, which category. A request says in which phase, of which age and with which conditions met, and
the policies that Cedar names as its reasons are the flows that are open then; so one request asks
of every flow at once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import yaml
from cedarpy import PolicySet, is_authorized_batch

from pga.policy.codes import (
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
from pga.policy.compile import Table
from pga.policy.decide import Situation, decide_screen
from tests.policy.oracle import CODES, CONDITIONS, CRIMINAL, PARTNERS, PLAN, STATES, SUBSETS

AGES = (15, 11, None)
EVERYBODY = POSSIBLE_PARTIES | {Partner.BANK}
# In the short form: a signal, both stages of a case, aftercare, and one whose age nobody knows.
WHOLE = {("F0", 15), ("F1", 15), ("F3", 15), ("F4 aftercare", 15), ("F3", None)}
HALVES = {"F4 scaled down": False, "F4 aftercare": True}

GIVES = {"0": 1, "1": 1, "2": 2}
TAKES = {"R1": 1, "R2": 2}
ON_PROVIDE = {"n": "weighing_note", "t": "secrecy_release", "b": "disclosure_decision"}
ON_CONSULT = {"n": "named_recipient", "t": "secrecy_release"}
LEADS = {"GPR", "GCR"}
LASTING = {"D01", "D15", "D16"}
IS_YOUNG = "!(context has age) || context.age < 12"
# Where only the phase is known, F4 counts as aftercare; the money-mule track has none.
IN_AFTERCARE = {
    "youth": "context.phase == 4 && (!(context has aftercare) || context.aftercare)",
    "money_mule": "context.phase == 4 && context has aftercare && context.aftercare",
}


def policies(text: str, track: str, action: str) -> str:
    """Write the policies of one track of an agreement for one action."""
    agreement = yaml.safe_load(text)
    matrix = agreement["matrix"].get(track, {})
    found = [*signals(agreement["legal_bases"].get(track, {}))]
    for category, provider, consumer in product(CODES[track], PARTNERS, PARTNERS):
        gives = matrix.get(provider, {}).get(category, "X/X").split("/")[0]
        takes = matrix.get(consumer, {}).get(category, "X/X").split("/")[1]
        if gives[0] not in GIVES or takes[:2] not in TAKES:
            continue
        first = max(GIVES[gives[0]], TAKES[takes[:2]] if action == "consult" else 1)
        when = [f"context.phase >= {first} && context.phase <= 4"]
        when += [f"context.{ON_PROVIDE[letter]}" for letter in gives[1:]]
        if consumer not in LEADS:
            lasts = "context.aftercare_partner" if category in LASTING else "false"
            when.append(f"(!({IN_AFTERCARE[track]}) || {lasts})")
        if action == "consult":
            when += [f"context.{ON_CONSULT[letter]}" for letter in takes[2:]]
        flow = f"{provider}>{consumer}:{category}"
        found.append(policy(flow, when, unless(provider, consumer, category)))
    return "\n".join(found)


def signals(bases: dict[str, Any]) -> Iterator[str]:
    """Write who may send a signal: in F0, to the process lead, who has a basis to provide."""
    for provider, row in bases.items():
        if "provide" not in row:
            continue
        when = ["context.phase == 0"]
        if provider in {"POL", "OM"}:
            when.append("context.disclosure_decision")
        if provider in {"GGD", "GGZ", "JHA", "MEE"}:
            when.append("context.secrecy_release")
        yield policy(f"{provider}>GPR:SIGNAL", when, [])


def unless(provider: str, consumer: str, category: str) -> list[str]:
    """Write what cuts a flow by law, whatever the cells say."""
    found = []
    if provider in {"POL", "OM"} and consumer in {"WOC", "SCH", "JWK"} and category not in PLAN:
        found.append("true")
    if category in CRIMINAL:
        found.append(IS_YOUNG)
    return found


def policy(flow: str, when: list[str], cut: list[str]) -> str:
    """Write one policy."""
    lines = [f'@id("{flow}") permit(principal, action, resource)']
    lines.append(f"when {{ {' && '.join(when)} }}")
    lines += [f"unless {{ {each} }}" for each in cut]
    return " ".join(lines) + ";"


def open_flows(made: PolicySet, contexts: Sequence[Mapping[str, object]]) -> list[set[str]]:
    """Give the flows that are open under each of these circumstances."""
    asked = [
        {
            "principal": 'Table::"one"',
            "action": 'Action::"exchange"',
            "resource": 'Case::"one"',
            "context": json.dumps(context),
        }
        for context in contexts
    ]
    found = []
    for answer in is_authorized_batch(asked, made, []):
        assert answer.diagnostics.errors == []
        found.append(set(answer.diagnostics.id_annotations_by_reason.values()))
        assert answer.allowed == bool(found[-1])
    return found


def differences(
    text: str,
    table: Table,
    track: Track,
    *,
    is_short: bool = False,
    states: Sequence[str] = STATES,
) -> list[str]:
    """Ask both engines every question of a track; give each flow on which they differ.

    Every flow, in every phase and half of F4, with every set of conditions, at 15, at 11 and of
    unknown age. The short form asks with every set where rules differ, and elsewhere with none and
    with all.
    """
    found = []
    for action in (PolicyAction.PROVIDE, PolicyAction.CONSULT):
        made = PolicySet.from_str(policies(text, track, action))
        for state, age in product(states, AGES):
            is_whole = not is_short or (state, age) in WHOLE
            sets = SUBSETS if is_whole else [SUBSETS[0], SUBSETS[-1]]
            theirs = open_flows(made, [context_of(state, age, chosen) for chosen in sets])
            for chosen, opened in zip(sets, theirs, strict=True):
                met = frozenset(Condition(code) for code in chosen)
                ours = open_by_us(table, track, state, age, action, met)
                found += [f"{state} {age} {action} {sorted(met)} {flow}" for flow in opened ^ ours]
    return found


def context_of(state: str, age: int | None, met: frozenset[str]) -> dict[str, object]:
    """Say in which circumstances is asked; what is not known is left out."""
    context: dict[str, object] = {code: code in met for code in CONDITIONS}
    context["phase"] = int(state[1])
    if state in HALVES:
        context["aftercare"] = HALVES[state]
    if age is not None:
        context["age"] = age
    return context


def open_by_us(  # noqa: PLR0913, PLR0917 - the six things an answer depends on
    table: Table,
    track: Track,
    state: str,
    age: int | None,
    action: PolicyAction,
    met: frozenset[Condition],
) -> set[str]:
    """Give the flows that our engine decides to be open."""
    found: set[str] = set()
    places = [
        (Partner(provider), Category(category))
        for provider, category in product(PARTNERS, [*CODES[track], "SIGNAL"])
    ]
    cells = [(*place, met) for place in places]
    for consumer in PARTNERS:
        here = Situation(
            track=track,
            phase=Phase(state[:2]),
            aftercare=HALVES.get(state),
            purpose=Purpose.PROTECTION,
            consumer=Partner(consumer),
            in_force=True,
            participant=True,
            parties=EVERYBODY,
            age=age,
        )
        decisions = decide_screen(table, here, cells, action)
        found.update(
            f"{provider}>{consumer}:{category}"
            for (provider, category), decision in zip(places, decisions, strict=True)
            if decision.code is Code.ALLOWED
        )
    return found
