"""A second engine, written from the rules in plain words, that shares nothing with the first.

It knows codes as texts and cells as texts, and answers with the outcome and the set of conditions
that are missing.
"""

from functools import cache
from itertools import combinations
from typing import NamedTuple

from tests.policy.tables import GRIDS

PARTNERS = [
    *("GPR", "GCR", "BUR", "POL", "OM", "HLT", "REC", "GI", "RVK", "VT", "GGD", "GGZ"),
    *("JHA", "LPR", "SCH", "JWK", "MEE", "WOC", "DJI", "ZVH", "SLH", "DBT", "CCT", "BANK"),
]
# `step_up` stands in no cell, so it is asked apart.
CONDITIONS = [
    *("weighing_note", "named_recipient", "secrecy_release", "disclosure_decision"),
    "aftercare_partner",
]
SUBSETS = [
    frozenset(chosen)
    for size in range(len(CONDITIONS) + 1)
    for chosen in combinations(CONDITIONS, size)
]
CODES = {
    "youth": [f"D{n:02}" for n in range(1, 17)],
    "money_mule": [f"G{n:02}" for n in range(1, 14)],
}
# States as the oracle tells them apart: the phase, and which half of F4.
STATES = ["F0", "F1", "F2", "F3", "F4", "F4 scaled down", "F4 aftercare", "F5"]
CRIMINAL = {"D05", "D06", "G03", "G04", "G05"}
PLAN = {"D15", "D16", "G12", "G13"}


class Question(NamedTuple):
    """One question, all in texts."""

    track: str
    state: str
    provider: str
    consumer: str
    category: str
    action: str
    young: bool


class Answer(NamedTuple):
    """What the rules say before conditions: a code, and what they ask."""

    code: str
    asks: frozenset[str] = frozenset()

    def outcome(self, met: frozenset[str]) -> tuple[str, frozenset[str]]:
        lacking = self.asks - met
        if self.code == "allowed" and lacking:
            return "condition_unmet", lacking
        return self.code, frozenset()


CLOSED = Answer("no_rule")


@cache
def outcomes(answer: Answer) -> list[tuple[str, frozenset[str]]]:
    """Give the outcome for every set of conditions, in the order of SUBSETS."""
    return [answer.outcome(met) for met in SUBSETS]


def answer(asked: Question) -> Answer:
    """Answer a question: prohibitions, then the rule families, then the cells."""
    if is_cut(asked):
        return Answer("forbidden")
    if asked.state == "F0":
        return signal(asked)
    if asked.state == "F5" or asked.category == "SIGNAL":
        return CLOSED
    cells = GRIDS[asked.track]
    gives = cells.get((asked.provider, asked.category), "X/X").split("/")[0]
    takes = cells.get((asked.consumer, asked.category), "X/X").split("/")[1]
    first = 1 if gives[0] in "01" else 2 if gives[0] == "2" else 9
    reads = {"R1": 1, "R2": 2}.get(takes[:2], 9)
    now = 1 if asked.state == "F1" else 2
    if now < first or reads == 9 or (asked.action == "consult" and now < reads):
        return CLOSED
    words = {"n": "weighing_note", "t": "secrecy_release", "b": "disclosure_decision"}
    asks = {words[letter] for letter in gives[1:]}
    if asked.action == "consult":
        words["n"] = "named_recipient"
        asks |= {words[letter] for letter in takes[2:]}
    return aftercare(asked, asks)


def is_cut(asked: Question) -> bool:
    """Tell what no agreement can allow between two partners or for a young child."""
    from_security = asked.provider in {"POL", "OM"}
    to_private = asked.consumer in {"WOC", "SCH", "JWK"}
    return (from_security and to_private and asked.category not in PLAN) or (
        asked.young and asked.category in CRIMINAL
    )


def aftercare(asked: Question, asks: set[str]) -> Answer:
    """Narrow an open cell in aftercare; F4 alone counts as aftercare in the youth track."""
    is_youth = asked.track == "youth"
    is_aftercare = asked.state == "F4 aftercare" or (asked.state == "F4" and is_youth)
    if not is_aftercare or asked.consumer in {"GPR", "GCR"}:
        return Answer("allowed", frozenset(asks))
    if is_youth and asked.category in {"D01", "D15", "D16"}:
        return Answer("allowed", frozenset(asks | {"aftercare_partner"}))
    return CLOSED


def signal(asked: Question) -> Answer:
    """Only the signal, only to the process lead, from whoever brings anything in this track."""
    has_row = any(name == asked.provider for name, _ in GRIDS[asked.track])
    submits = has_row and asked.provider not in {"BUR", "ZVH"}
    if asked.category != "SIGNAL" or asked.consumer != "GPR" or not submits:
        return CLOSED
    if asked.provider in {"POL", "OM"}:
        return Answer("allowed", frozenset({"disclosure_decision"}))
    if asked.provider in {"GGD", "GGZ", "JHA", "MEE"}:
        return Answer("allowed", frozenset({"secrecy_release"}))
    return Answer("allowed")
