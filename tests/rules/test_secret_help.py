"""Two cases that differ only in secret help, or in a refusal, read the same byte for byte (R-29).

Two worlds start from one scene. The clock moves for both at once; in one of them mental health
care takes part. Then everything the others can reach by following links is compared.
"""

from datetime import timedelta

import pytest

from pga.dossier.service import repairs
from pga.sharing.rules import Answer
from pga.sharing.service import releases
from tests.factories.scene import Scene
from tests.factories.snapshots import Played
from tests.factories.worlds import (
    OTHERS,
    SECRET,
    Begin,
    answer_of,
    care_takes_part,
    life_goes_on,
    member_of,
    nothing,
    plan_item,
)

pytestmark = pytest.mark.unmeasured


def test_pages_are_byte_equal_whether_or_not_mental_health_care_takes_part(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, care_takes_part)
    worlds.live(life_goes_on, life_goes_on)
    worlds.compare(*OTHERS)


def test_what_secret_help_writes_in_the_plan_reads_as_the_case_managers_own(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, care_takes_part)
    worlds.live(
        lambda scene, case_id: plan_item(scene, case_id, "GCR"),
        lambda scene, case_id: plan_item(scene, case_id, "GGZ"),
    )
    worlds.live(life_goes_on, life_goes_on)
    worlds.compare(*OTHERS, "LPR")


def named_by_the_process_lead(scene: Scene, case_id: bytes) -> None:
    """Let the process lead name mental health care, which the case manager may not know."""
    scene.join(case_id, "GGZ")


def test_who_names_secret_help_does_not_learn_that_somebody_else_did_before(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, named_by_the_process_lead)
    worlds.clock.advance(timedelta(days=1))  # people named on one day stand in the order of ids
    naming = {"task": "contribution", "until_on": "2027-02-01"}
    for expected in (303, 422):
        answers = [
            answer_of(world, "GCR", "participants", {**naming, "person": member_of(world, "GGZ")})
            for world in worlds.worlds
        ]
        assert answers[0] == answers[1]
        assert answers[0].startswith(str(expected))
        worlds.live(nothing, nothing)
        worlds.compare("GCR", *OTHERS)
    ended = [
        answer_of(world, "GCR", f"participants/{newest_of(world, 'GGZ').hex()}/end", {})
        for world in worlds.worlds
    ]
    assert ended[0] == ended[1]
    worlds.compare("GCR", *OTHERS)
    outside, inside = (world.visitor("GGZ") for world in worlds.worlds)
    assert outside.get(f"/cases/{worlds.worlds[0].made.hex()}").status_code == 404
    assert inside.get(f"/cases/{worlds.worlds[1].made.hex()}").status_code == 200


def newest_of(world: Played[bytes], partner: str) -> bytes:
    """Give the participant of a partner whom the case manager named."""
    with world.app.app_context():
        desk = world.scene.desk("GCR", world.made)
        manager = world.scene.who("GCR").person_id
        return next(
            p.id for p in desk.facts.participants if p.partner == partner and p.added_by == manager
        )


def refused(scene: Scene, case_id: bytes) -> None:
    """Let the professional keep silent about what the youth agreed to."""
    release_id = scene.release(case_id, "GGZ", SECRET, *OTHERS, confirmed=False)
    releases.decline(scene.desk("GGZ", case_id), release_id)


def disagreed(scene: Scene, case_id: bytes) -> None:
    """Let the youth say no."""
    no: dict[bytes | None, Answer] = {None: Answer.DISAGREES}
    scene.release(case_id, "GGZ", SECRET, *OTHERS, confirmed=False, answers=no)


def unconfirmed(scene: Scene, case_id: bytes) -> None:
    """Ask for a release that nobody confirms."""
    scene.release(case_id, "GGZ", SECRET, *OTHERS, confirmed=False)


def withdrawn(scene: Scene, case_id: bytes) -> None:
    """Let the youth take a release back before anybody looked."""
    release_id = scene.release(case_id, "GGZ", SECRET, *OTHERS)
    scene.bring("GGZ", case_id, "D14", "calm at home", [scene.who("SCH").person_id])
    releases.withdraw(scene.desk("LPR", case_id), release_id)


def expired(scene: Scene, case_id: bytes) -> None:
    """Let a release run out before anybody looked."""
    scene.release(case_id, "GGZ", SECRET, *OTHERS, days=1)
    scene.bring("GGZ", case_id, "D14", "calm at home", [scene.who("SCH").person_id])


def item_taken_back(scene: Scene, case_id: bytes) -> None:
    """Let care withdraw what one person could have read."""
    scene.release(case_id, "GGZ", ["D14"], "SCH", days=1)
    item_id = scene.bring("GGZ", case_id, "D14", "calm", [scene.who("SCH").person_id])
    repairs.withdraw_item(scene.desk("GGZ", case_id), item_id)


def in_effect(scene: Scene, case_id: bytes) -> None:
    """Let the school read one item under a release."""
    scene.release(case_id, "GGZ", ["D14"], "SCH")
    scene.bring("GGZ", case_id, "D14", "calm", [scene.who("SCH").person_id])


def test_a_release_refused_withdrawn_or_expired_reads_as_one_never_asked(begin: Begin) -> None:
    acts = (nothing, refused, disagreed, unconfirmed, withdrawn, expired, item_taken_back)
    worlds = begin(len(acts))
    worlds.live(*[care_takes_part] * len(acts))
    worlds.live(*acts)
    worlds.clock.advance(timedelta(days=2))
    worlds.live(*[life_goes_on] * len(acts))
    worlds.compare(*OTHERS)


def test_the_comparison_sees_a_release_in_effect(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(care_takes_part, care_takes_part)
    worlds.live(nothing, in_effect)
    worlds.compare("POL", "WOC")
    with pytest.raises(AssertionError):
        worlds.compare("SCH")
