"""Worlds to compare."""

import pytest

from config.clock import FrozenClock
from tests.factories.fixtures import Play
from tests.factories.worlds import Begin, Worlds, everybody_but_care


@pytest.fixture
def begin(play: Play, clock: FrozenClock) -> Begin:
    """Begin so many worlds that are still the same."""
    return lambda count: Worlds([play(everybody_but_care) for _ in range(count)], clock)
