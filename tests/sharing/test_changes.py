"""Who will be able to read what somebody is about to bring, and what may be brought at all."""

from pga.policy.codes import Condition
from pga.sharing.service.changes import may_bring_each, readers
from tests.factories.events import task_ended
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def with_a_school(scene: Scene) -> bytes:
    """Play a case with a school, a housing corporation and youth care."""
    case_id = scene.case("SCH", "WOC", "JHA", "HLT")
    scene.note(case_id, "LPR", "D14", "SCH", "WOC", "JHA", "GPR")
    return case_id


def lacking(played: Played[bytes], category: str, *named: bytes) -> dict[str, set[str]]:
    """Tell what each other participant still lacks to read an item of the attendance officer."""
    desk = played.scene.desk("LPR", played.made)
    found = readers(desk, category, [person.hex() for person in named[:-1]], _last(named))
    return {
        r.participant.partner: set(r.decision.missing) if r.decision.missing else {r.decision.code}
        for r in found
    }


def _last(named: tuple[bytes, ...]) -> bytes | None:
    return named[-1] if named else None


def test_the_engine_says_for_every_other_participant_what_is_still_needed(play: Play) -> None:
    played = play(with_a_school)
    found = lacking(played, "D14")
    assert found["SCH"] == {Condition.NAMED_RECIPIENT}
    assert found["HLT"] == {Condition.WEIGHING_NOTE}
    assert found["WOC"] == {"no_rule"}
    assert found["JHA"] == {"allowed"}
    assert "LPR" not in found


def test_who_is_named_or_does_the_action_reads_it(play: Play) -> None:
    played = play(with_a_school)
    school, nurse = played.scene.who("SCH").person_id, played.scene.who("JHA").person_id
    assert lacking(played, "D14", school, nurse)["SCH"] == {"allowed"}
    assert lacking(played, "D14", school)["SCH"] == {"allowed"}


def test_whose_task_has_ended_will_read_nothing(play: Play) -> None:
    played = play(with_a_school)
    task_ended(played.scene, played.made, "SCH")
    assert "SCH" not in lacking(played, "D14")


def test_what_one_may_bring_follows_from_the_agreement_whoever_takes_part(play: Play) -> None:
    played = play(with_a_school)
    scene = played.scene
    lonely = scene.case()
    codes = ("D01", "D04", "D05", "D14", "D16")
    here, there = (
        may_bring_each(scene.desk("LPR", case_id), codes) for case_id in (played.made, lonely)
    )
    assert [here[code].is_allowed for code in codes] == [True, True, False, True, True]
    assert [there[code].is_allowed for code in codes] == [True, True, False, False, True]
    assert there["D14"].missing == (Condition.WEIGHING_NOTE,)
    assert here["D01"] == there["D01"]
