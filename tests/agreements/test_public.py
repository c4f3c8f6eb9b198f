"""What everybody may read without signing in: the essence of what is in force, and nothing else."""

import re

import pytest

from pga.agreements.models import AgreementState
from tests.agreements.drafts import set_state
from tests.agreements.lives import Lived, in_signing
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import TOWN
from tests.factories.snapshots import Played


@pytest.fixture
def town(play: Play) -> Played[Lived]:
    return play(in_signing)


def read(town: Played[Lived], municipality: str = TOWN) -> str:
    page = Visitor(town.app.test_client()).read(f"/agreements/public/{municipality}")
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found
    return found.group()


def test_everybody_reads_the_essence_of_what_is_in_force(town: Played[Lived]) -> None:
    page = read(town)
    for said in ("GDPR 26(2)", "What is shared", "Your rights", "Whom to ask", "Who takes part"):
        assert said in page
    assert "Police" in page


def test_nothing_of_what_is_being_made_is_told(town: Played[Lived]) -> None:
    assert "2027.1" not in read(town)


@pytest.mark.parametrize(
    "state", [AgreementState.SUSPENDED, AgreementState.TERMINATED, AgreementState.EXPIRED]
)
def test_what_is_not_in_force_looks_like_what_never_was(
    town: Played[Lived], state: AgreementState
) -> None:
    set_state(town.made.running, state)
    here, nowhere = read(town), read(town, "GM0400")
    assert here.replace("Alkmaar", "Den Helder") == nowhere


def test_a_place_that_is_none_is_not_there(town: Played[Lived]) -> None:
    assert Visitor(town.app.test_client()).get("/agreements/public/GM9999").status_code == 404
