"""An independent engine over an independent table agrees with ours on every single question."""

from itertools import product

import pytest

from pga.agreements import library
from pga.policy.codes import (
    POSSIBLE_PARTIES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.compile import Table
from pga.policy.decide import Decision, Situation, decide_screen
from tests.policy import oracle
from tests.policy.tables import GRIDS

pytestmark = pytest.mark.unmeasured

ACTIONS = (PolicyAction.PROVIDE, PolicyAction.CONSULT)
HALVES = {"F4 scaled down": False, "F4 aftercare": True}
SETS = [frozenset(Condition(code) for code in chosen) for chosen in oracle.SUBSETS]


def situation_in(track: Track, state: str, consumer: str, *, age: int | None) -> Situation:
    return Situation(
        track=track,
        phase=Phase(state[:2]),
        aftercare=HALVES.get(state),
        purpose=Purpose.PROTECTION,
        consumer=Partner(consumer),
        in_force=True,
        participant=True,
        parties=POSSIBLE_PARTIES | {Partner.BANK},
        age=age,
    )


def differences(
    table: Table, track: Track, state: str, *, age: int | None, step: int = 1
) -> list[object]:
    """Ask every question of a state with every set of conditions; give what differs.

    With a step, with every so many sets: where a child's age closes all of them alike.
    """
    sets = SETS[::step]
    young = age is None or age < 12
    found: list[object] = []
    outcome: dict[int, tuple[str, frozenset[str]]] = {}
    for consumer, action in product(oracle.PARTNERS, ACTIONS):
        here = situation_in(track, state, consumer, age=age)
        for provider, category in product(oracle.PARTNERS, [*oracle.CODES[track], "SIGNAL"]):
            asked = oracle.Question(track, state, provider, consumer, category, action, young)
            key = (Partner(provider), Category(category))
            decisions = decide_screen(table, here, [(*key, met) for met in sets], action)
            for decision in decisions:
                if id(decision) not in outcome:
                    outcome[id(decision)] = outcome_of(decision)
            if [outcome[id(each)] for each in decisions] != oracle.outcomes(oracle.answer(asked))[
                ::step
            ]:
                found.append((asked, decisions))
    return found


def outcome_of(decision: Decision) -> tuple[str, frozenset[str]]:
    assert (decision.decision == "allowed") == decision.is_allowed
    return decision.code, frozenset(decision.missing)


@pytest.mark.parametrize("track", Track)
def test_the_library_holds_every_cell_of_the_written_tables(track: Track) -> None:
    document = library.model(track)
    written = {
        (partner, category): cell.text
        for partner, row in document.matrix[track].items()
        for category, cell in row.items()
    }
    assert written == GRIDS[track]


@pytest.mark.parametrize("state", oracle.STATES)
@pytest.mark.parametrize("track", Track)
def test_every_question_with_every_set_of_conditions_is_answered_as_written(
    tables: dict[Track, Table], track: Track, state: str
) -> None:
    assert differences(tables[track], track, state, age=15)[:5] == []


@pytest.mark.parametrize("age", [11, None])
@pytest.mark.parametrize("state", ["F0", "F1", "F3", "F5"])
@pytest.mark.parametrize("track", Track)
def test_a_child_under_12_or_of_unknown_age_is_answered_as_written(
    tables: dict[Track, Table], track: Track, state: str, age: int | None
) -> None:
    assert differences(tables[track], track, state, age=age, step=31)[:5] == []
