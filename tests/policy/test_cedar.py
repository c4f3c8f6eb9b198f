"""An engine of somebody else, given the text of both models, agrees with ours on every question.

Every question under `make torture`. Each takes a tenth of a second, so the tests ask in a short
form: with every set of conditions at every stage, but not for every age in every half of a phase.
"""

import pytest

from pga.agreements import library
from pga.policy.codes import Track
from pga.policy.compile import Table
from tests.policy import cedar

pytestmark = pytest.mark.unmeasured


@pytest.mark.parametrize("track", Track)
def test_cedar_finds_every_flow_open_that_we_do_and_no_other(
    tables: dict[Track, Table], track: Track, request: pytest.FixtureRequest
) -> None:
    is_short = not request.config.getoption("--torture")
    text = library.model_text(track)
    assert cedar.differences(text, tables[track], track, is_short=is_short)[:5] == []


def test_the_comparison_shows_one_cell_that_the_text_has_otherwise(
    tables: dict[Track, Table],
) -> None:
    text = library.model_text(Track.MONEY_MULE)
    looser = text.replace("2nb/R2n", "2b/R2n", 1)
    assert looser != text
    found = cedar.differences(
        looser, tables[Track.MONEY_MULE], Track.MONEY_MULE, is_short=True, states=["F3"]
    )
    assert found
    assert all("weighing_note" not in each for each in found)
