"""An officer reads a refusal in the words of the edition of the limits under which it was made."""

from datetime import timedelta

from config.clock import FrozenClock
from tests.agreements.drafts import OFFICER
from tests.agreements.limits import NO_ABSENCE, Limited, in_force, limited, named
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played

SAID = "Data on absence is not needed at this table."
SAID_LATER = "Absence belongs to the school."
LATER = NO_ABSENCE.replace(SAID, SAID_LATER).replace("version: 1", "version: 2")


def counted(town: Played[Limited]) -> str:
    return town.visitor(OFFICER[0], OFFICER[1]).read("/oversight/refusals?parts=true")


def test_a_refusal_by_a_new_limit_is_told_in_the_words_of_its_edition(
    play: Play, clock: FrozenClock
) -> None:
    town = play(limited)
    in_force(town.scene)
    town.visitor("GCR").read(f"/cases/{town.made.case.hex()}")
    page = counted(town)
    assert SAID in page
    by_reason, acts = page.split("</section>", 1)
    assert SAID in by_reason
    assert SAID in acts
    clock.advance(timedelta(minutes=1))
    in_force(town.scene, named("2027-2") + LATER)
    by_reason, acts = counted(town).split("</section>", 1)
    assert SAID_LATER in by_reason
    assert SAID in acts
    assert SAID_LATER not in acts
