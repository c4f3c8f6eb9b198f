"""A newer edition of the limits shortens what is kept, whatever was agreed."""

from datetime import timedelta

import pytest

from config.clock import FrozenClock
from tests.agreements.drafts import ADVISER, LAWYER
from tests.agreements.limits import SECOND_ADVISER, in_force, named
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.oversight.conftest import Desk, Made
from tests.oversight.test_keeping import ended, path

SHORTER = named("2027-1").replace("  term: P5Y\n", "  term: P6M\n")
MORE_THAN_HALF_A_YEAR = timedelta(days=200)


def ended_under_limits(scene: Scene) -> Made:
    made = ended(scene)
    for who in (ADVISER, LAWYER, SECOND_ADVISER):
        scene.who(*who)
    return made


@pytest.mark.parametrize("is_shorter", [False, True])
def test_a_case_may_go_as_soon_as_the_law_says_whatever_was_agreed(
    play: Play, clock: FrozenClock, *, is_shorter: bool
) -> None:
    town = play(ended_under_limits)
    if is_shorter:
        at = SHORTER.index("- code: RETENTION\n")
        in_force(town.scene, SHORTER[:at] + SHORTER[at:].replace("version: 1", "version: 2", 1))
    clock.advance(MORE_THAN_HALF_A_YEAR)
    desk = Desk(town)
    page = desk.officer.read("/oversight/keeping")
    may_go = page.split("May go: the term is over")[1].split("Still to be kept")[0]
    assert (desk.number() in may_go) is is_shorter
    said = "A closed case is kept five years at most." in desk.officer.read(f"{path(desk)}/keeping")
    assert said is is_shorter
