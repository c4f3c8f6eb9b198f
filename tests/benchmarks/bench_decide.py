"""Decisions against a look-up of the same answers in a dict, by a key that is made on the spot."""

from pathlib import Path

from pga.policy.codes import Category, Partner, Phase, PolicyAction, Purpose, Track
from pga.policy.compile import compile_document
from pga.policy.decide import Decision, Situation, decide, decide_screen
from pga.policy.document import parse
from tests.benchmarks.harness import Measured, bench, paired
from tests.factories.scene import FILES, LIBRARY

CELLS = 96
Key = tuple[Track, Phase, Purpose, Partner, Partner, Category, PolicyAction, int]

TABLE = compile_document(parse((Path(LIBRARY) / FILES["youth"]).read_text("utf-8")))
HERE = Situation(
    track=Track.YOUTH,
    phase=Phase.F3,
    purpose=Purpose.HELP,
    consumer=Partner.GCR,
    in_force=True,
    participant=True,
    parties=frozenset(Partner),
    age=15,
)
SCREEN = [
    (provider, category, 0)
    for provider in (Partner.POL, Partner.GGZ, Partner.SCH, Partner.LPR, Partner.VT, Partner.GI)
    for category in list(Category)[:16]
]


def answers() -> dict[Key, Decision]:
    """Write down the answer to every question of a viewer, under everything it depends on."""
    return {
        (Track.YOUTH, Phase.F3, Purpose.HELP, Partner.GCR, provider, category, action, met): decide(
            TABLE, HERE, provider, category, action, met
        )
        for provider in Partner
        for category in list(Category)[:16]
        for action in PolicyAction
        for met in range(64)
    }


def look_up_screen() -> Measured:
    """Measure the engine's one call for a screen against a look-up per cell."""
    known = answers()
    track, phase, purpose, consumer = HERE.track, HERE.phase, Purpose.HELP, HERE.consumer
    action = PolicyAction.CONSULT

    def from_dict() -> list[Decision]:
        return [
            known[track, phase, purpose, consumer, provider, category, action, met]
            for provider, category, met in SCREEN
        ]

    assert from_dict() == decide_screen(TABLE, HERE, SCREEN)
    return paired(lambda: decide_screen(TABLE, HERE, SCREEN), from_dict)


@bench(unit="x", better="lower", goal=2.0, against="a dict of the same answers, per cell")
def decide_cell_vs_dict() -> Measured:
    """Decide cell by cell: each figure is for a round of 96 cells, so that no call is free."""
    known = answers()
    track, phase, purpose, consumer = HERE.track, HERE.phase, Purpose.HELP, HERE.consumer
    action = PolicyAction.CONSULT

    def by_engine() -> None:
        for provider, category, met in SCREEN:
            decide(TABLE, HERE, provider, category, action, met)

    def by_dict() -> None:
        for provider, category, met in SCREEN:
            known[track, phase, purpose, consumer, provider, category, action, met]

    found = paired(by_engine, by_dict)
    per_cell = {
        f"{name}_ns": found.raw[f"{name}_us"] * 1000 / CELLS for name in ("ours", "against")
    }
    return Measured(found.value, {**per_cell, "spread": found.raw["spread"]})


@bench(unit="x", better="lower", goal=None, against="96 look-ups in a dict of the same answers")
def decide_screen_96() -> Measured:
    """Decide on a whole screen in one call."""
    return look_up_screen()
