"""An engine of somebody else, given the text of both models, agrees with ours on every question."""

import pytest

from pga.agreements import library
from pga.policy.codes import Track
from pga.policy.compile import Table
from tests.policy import cedar

pytestmark = pytest.mark.unmeasured


@pytest.mark.parametrize("track", Track)
def test_cedar_finds_every_flow_open_that_we_do_and_no_other(
    tables: dict[Track, Table], track: Track
) -> None:
    assert cedar.differences(library.model_text(track), tables[track], track)[:5] == []


def test_the_comparison_shows_one_cell_that_the_text_has_otherwise(
    tables: dict[Track, Table],
) -> None:
    text = library.model_text(Track.MONEY_MULE)
    looser = text.replace("2nb/R2n", "2b/R2n", 1)
    assert looser != text
    found = cedar.differences(looser, tables[Track.MONEY_MULE], Track.MONEY_MULE, is_short=True)
    assert found
    assert all("weighing_note" not in each for each in found)
