"""The compiled models, once per session, and a shorthand for a situation."""

from collections.abc import Callable
from typing import Any

import pytest

from pga.agreements import library
from pga.policy.codes import POSSIBLE_PARTIES, Partner, Phase, Purpose, Track
from pga.policy.compile import Table, compile_document
from pga.policy.decide import Situation

MakeSituation = Callable[..., Situation]


@pytest.fixture(scope="session")
def tables() -> dict[Track, Table]:
    return {track: compile_document(library.model(track)) for track in Track}


@pytest.fixture(scope="session")
def youth(tables: dict[Track, Table]) -> Table:
    return tables[Track.YOUTH]


@pytest.fixture(scope="session")
def money_mule(tables: dict[Track, Table]) -> Table:
    return tables[Track.MONEY_MULE]


@pytest.fixture(scope="session")
def situation() -> MakeSituation:
    """Make a situation in which nothing but the table stands in the way."""

    def make(consumer: Partner, **facts: object) -> Situation:
        usual: dict[str, Any] = {
            "track": Track.YOUTH,
            "phase": Phase.F3,
            "in_force": True,
            "participant": True,
            "parties": POSSIBLE_PARTIES,
            "age": 15,
        }
        usual.update(facts)
        first = Purpose.HELP if usual["track"] == Track.YOUTH else Purpose.PREVENTION
        usual.setdefault("purpose", first)
        return Situation(consumer=consumer, **usual)

    return make
