"""A comparison and a proof of whole agreements, against the bare loop over the same cells.

Each figure has its seconds beside it: both must stay live, so half a second is the limit.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from types import MappingProxyType

from pga.policy.catalogue_text import current
from pga.policy.cells import parse_cell
from pga.policy.codes import Category, Partner, Track
from pga.policy.compile import Table
from pga.policy.demands import demands_of
from pga.policy.diff import diff
from pga.policy.document import parse
from pga.policy.flows import MOMENTS, PARTNERS, Flows, narrowed
from pga.policy.guardrails import prove, prove_change
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import SHUT
from tests.benchmarks.harness import Measured, bench, paired
from tests.factories.scene import FILES, LIBRARY

LIVE = 0.5  # seconds
YOUTH = parse((LIBRARY / FILES["youth"]).read_text("utf-8"))
PLACE = (Track.YOUTH, Partner.LPR, Category.D04)
Cells = dict[tuple[object, ...], int]


def rewritten() -> AgreementDocument:
    """Write every cell of the model otherwise: what was open is closed, and the reverse."""
    rows = {
        partner: MappingProxyType(
            {
                category: parse_cell("X/X" if cell.provide.is_open else "1/R1")
                for category, cell in row.items()
            }
        )
        for partner, row in YOUTH.matrix[Track.YOUTH].items()
    }
    return replace(YOUTH, matrix=MappingProxyType({Track.YOUTH: MappingProxyType(rows)}))


def spread(flows: Flows, *circumstances: object) -> Cells:
    """Lay every cell of these flows in a dict: who, to whom, what, when and how."""
    return {
        (*circumstances, category, provider, consumer, moment): need
        for category, square in flows.items()
        for provider, row in zip(PARTNERS, square, strict=True)
        for consumer, needs in zip(PARTNERS, row, strict=True)
        for moment, need in zip(MOMENTS, needs, strict=True)
    }


@cache
def differing() -> Measured:
    """Measure the comparison of two versions in which every cell differs."""
    other = rewritten()
    was, now = (spread(Table(each).flows(Track.YOUTH)) for each in (YOUTH, other))

    def loop() -> list[tuple[object, ...]]:
        return [key for key, need in was.items() if now[key] != need]

    def ours() -> object:
        return diff(Table(YOUTH), Table(other))

    assert len(loop()) > len(was) // 20
    return paired(ours, loop, rounds=11)


@cache
def proving() -> Measured:
    """Measure the proof of the text and of every flow, of every age, for any purpose."""
    asked: Cells = {}
    demanded: Cells = {}
    table = Table(YOUTH)
    flows = table.flows(Track.YOUTH)
    for under_12, has_purpose in product((False, True), (True, False)):
        here = {"under_12": under_12, "has_purpose": has_purpose}
        asked |= spread(narrowed(flows, table.limits, **here), under_12, has_purpose)
        demanded |= spread(demands_of(current(), Track.YOUTH, **here), under_12, has_purpose)

    def loop() -> list[tuple[object, ...]]:
        return [key for key, need in asked.items() if need != SHUT and demanded[key] & ~need]

    def ours() -> object:
        return prove(YOUTH, Table(YOUTH))

    assert loop() == ours() == []
    return paired(ours, loop, rounds=11)


def seconds(measured: Callable[[], Measured]) -> Measured:
    """Give the time that ours takes in a measurement that is made once."""
    return Measured(measured().raw["ours_us"] / 1e6, {"rounds": measured().raw["rounds"]})


@bench(unit="x", better="lower", goal=10.0, against="a loop over two dicts of every cell")
def agreement_diff_vs_loop() -> Measured:
    """Compare two agreements that differ in every cell, from their texts as read."""
    return differing()


@bench(unit="s", better="lower", goal=LIVE, against="half a second, to be live")
def agreement_diff_seconds() -> Measured:
    """Tell how long that comparison takes."""
    return seconds(differing)


@bench(unit="x", better="lower", goal=2.0, against="a loop over two dicts of every cell")
def guardrail_proof_vs_loop() -> Measured:
    """Prove an agreement whole, text and table."""
    return proving()


@bench(unit="s", better="lower", goal=LIVE, against="half a second, to be live")
def guardrail_proof_seconds() -> Measured:
    """Tell how long that proof takes."""
    return seconds(proving)


@bench(unit="x", better="lower", goal=0.5, against="the full proof of the same agreement")
def guardrail_proof_of_one_cell() -> Measured:
    """Prove an agreement in which one cell changed, for the editor."""
    before = Table(YOUTH)
    row = YOUTH.matrix[Track.YOUTH]
    changed = MappingProxyType({**row[Partner.LPR], Category.D04: parse_cell("2/R2")})
    rows = MappingProxyType({**row, Partner.LPR: changed})
    after = replace(YOUTH, matrix=MappingProxyType({Track.YOUTH: rows}))

    def one() -> object:
        return prove_change(before, after, PLACE)

    def whole() -> object:
        return prove(after, Table(after))

    assert one() == whole() == []
    return paired(one, whole, rounds=11)
