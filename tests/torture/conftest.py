"""What the torture of the log shares: when to strike, and a gate on each database."""

import random
from collections.abc import Iterator

import pytest

from audit.gate import Gate
from config.database import Stores
from config.keys import LocalKek

KEY = bytes(range(32))


@pytest.fixture
def dice() -> random.Random:
    """When to strike, drawn anew each run; the seed is printed when a test fails."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    return random.Random(seed)  # noqa: S311 - when to strike, not what to keep


@pytest.fixture
def gate(stores: Stores) -> Iterator[Gate]:
    made = Gate(stores.audit, LocalKek([KEY], "torture"))
    yield made
    made.close()
