"""An engine of somebody else agrees with ours on agreements that nobody wrote.

Fifty under `make torture`, with every question. Each takes seconds, so the tests ask two of them,
in a short form.
"""

import pytest

from pga.policy.compile import compile_document
from pga.policy.document import dump
from pga.policy.guardrails import prove
from tests.policy import cedar
from tests.policy.generated import valid_agreement

pytestmark = pytest.mark.unmeasured


@pytest.mark.rounds(short=2, long=50)
def test_cedar_finds_every_flow_of_any_agreement_open_that_we_do_and_no_other(
    rounds: int, request: pytest.FixtureRequest
) -> None:
    is_short = not request.config.getoption("--torture")
    for seed in range(rounds):
        document = valid_agreement(seed)
        table = compile_document(document)
        assert prove(document, table) == []
        (track,) = document.tracks
        found = cedar.differences(dump(document), table, track, is_short=is_short)
        assert found[:5] == [], f"seed {seed}"
