"""What the tests of the whole house share, and give back when they are done."""

from collections.abc import Iterator

import pytest

from tests.house import documents


@pytest.fixture(scope="package", autouse=True)
def _forget_the_trees() -> Iterator[None]:
    """Let go of every source file that was parsed, or the collector looks through all of it."""
    yield
    documents.parsed.cache_clear()
