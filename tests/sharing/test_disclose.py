"""Disclosing: one entry, one decision, and nothing for who has no seat."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from audit.entries import Action, Explanation
from config.clock import FrozenClock
from config.errors import NotFoundError
from pga.dossier.rules import ItemKind
from pga.dossier.service import people
from pga.dossier.service.contributions import NewItem, bring
from pga.records.errors import StaleDecisionError
from pga.sharing.service import releases
from pga.sharing.service.changes import own_item, sit_down
from pga.sharing.service.disclose import (
    Look,
    Selection,
    SharingDeniedError,
    disclose,
    disclose_one,
)
from tests.factories.events import role_ended
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene


def test_the_case_manager_reads_what_the_attendance_officer_brought(scene_on: Scene) -> None:
    case_id = scene_on.case("LPR")
    item_id = scene_on.bring("LPR", case_id, "D04", "absent on Mondays")
    disclosure = disclose_one(scene_on.who("GCR").viewer, case_id)
    texts = {item.id: item.content.get("text") for item in disclosure.items}
    assert texts[item_id] == "absent on Mondays"


def with_items(scene: Scene) -> bytes:
    """Play a case with three items of the attendance officer, an hour apart."""
    case_id = scene.case("GGZ", "JHA")
    for number in range(3):
        scene.bring("LPR", case_id, "D04", str(number))
    scene.who("WOC")
    return case_id


def test_an_outsider_gets_the_same_answer_for_a_real_and_an_unknown_case(play: Play) -> None:
    played = play(with_items)
    outsider = played.scene.who("WOC").viewer
    for address in (played.made, bytes(16)):
        with pytest.raises(NotFoundError):
            disclose_one(outsider, address)
        with pytest.raises(NotFoundError):
            sit_down(outsider, address)


def test_a_selection_opens_the_newest_of_what_is_asked_for(play: Play, clock: FrozenClock) -> None:
    played = play(with_items)
    scene, case_id = played.scene, played.made
    clock.advance(timedelta(hours=1))
    newest = scene.bring("LPR", case_id, "D04", "newest")
    manager = scene.who("GCR").viewer
    chosen = Selection(categories=frozenset({"D04"}), limit=1)
    found = disclose_one(manager, case_id, Look(select=chosen))
    assert [item.id for item in found.items] == [newest]
    assert found.counts["D04"] == 4
    kinds = Selection(kinds=frozenset({ItemKind.GOAL}))
    found = disclose_one(manager, case_id, Look(select=kinds))
    assert {item.row.kind for item in found.items} == {"goal"}


def test_many_cases_are_one_commit_with_one_entry_each_and_those_without_a_seat_are_left_out(
    play: Play,
) -> None:
    played = play(with_items)
    scene = played.scene
    others = [scene.signal(), scene.signal()]
    before = len(entries_of(played.app))
    found = disclose(scene.who("GCR").viewer, [played.made, *others], Look())
    assert set(found) == {played.made}
    found = disclose(scene.who("LPR").viewer, [played.made, *others], Look())
    assert set(found) == {played.made, *others}
    assert len(entries_of(played.app, since=before)) == 4


def test_an_access_is_explained_by_an_action_a_task_or_a_release(play: Play) -> None:
    played = play(with_items)
    scene, case_id = played.scene, played.made

    def explanation(partner: str) -> Explanation | None:
        disclose_one(scene.who(partner).viewer, case_id)
        return entries_of(played.app, Action.CONSULT)[-1].explained_by

    assert explanation("JHA") is None
    release_id = scene.release(case_id, "GGZ", ["D07"], "JHA", confirmed=False)
    found = explanation("GGZ")
    assert found is not None
    assert found.kind == "task"
    releases.decline(scene.desk("GGZ", case_id), release_id)
    assert explanation("GGZ") is None
    scene.release(case_id, "GGZ", ["D07"], "JHA", by="GGZ")
    scene.bring("GGZ", case_id, "D07")
    found = explanation("JHA")
    assert found is not None
    assert found.kind == "release"
    action = bring(
        scene.desk("GCR", case_id),
        NewItem(
            ItemKind.ACTION,
            "D16",
            "call",
            "",
            responsible_person_id=scene.who("JHA").person_id,
            due_on=scene.desk("GCR", case_id).today,
        ),
    )
    assert explanation("JHA") == Explanation("action", action.hex())


def test_a_decision_overtaken_twice_opens_nothing(play: Play) -> None:
    played = play(with_items)
    viewer = played.scene.who("GCR").viewer
    moved = StaleDecisionError([played.made])
    with (
        patch("pga.records.service.open_items", side_effect=moved) as opening,
        pytest.raises(StaleDecisionError),
    ):
        disclose_one(viewer, played.made)
    assert opening.call_count == 2


def test_a_task_gives_no_seat_without_a_role_at_that_very_place(play: Play) -> None:
    played = play(with_items)
    officer, elsewhere = played.scene.who("LPR").viewer, played.scene.who("WOC").place
    moved = replace(officer, places=(elsewhere, replace(officer.places[0], partner="SCH")))
    with pytest.raises(NotFoundError):
        disclose_one(moved, played.made)


def test_a_replacement_without_a_role_at_that_place_has_no_seat(play: Play) -> None:
    played = play(with_items)
    scene, case_id = played.scene, played.made
    colleague = scene.who("LPR", "Colleague")
    desk = scene.desk("LPR", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "LPR")
    people.stand_in(desk, mine.id, colleague.person_id, desk.today)
    assert disclose_one(colleague.viewer, case_id).seat.stands_for == mine.person_id
    with pytest.raises(NotFoundError):
        disclose_one(replace(colleague.viewer, places=()), case_id)


def test_a_viewer_of_a_role_that_ended_is_decided_on_anew(play: Play) -> None:
    played = play(with_items)
    before = played.scene.who("LPR").viewer
    role_ended(played.scene, played.made, "LPR")
    with pytest.raises(NotFoundError):
        disclose_one(before, played.made)


def test_own_items_are_found_by_their_owner_alone(play: Play) -> None:
    played = play(with_items)
    scene, case_id = played.scene, played.made
    item_id = scene.bring("LPR", case_id, "D04")
    assert own_item(scene.desk("LPR", case_id), item_id).id == item_id
    for partner, wanted in (("GCR", item_id), ("LPR", bytes(16))):
        before = len(entries_of(played.app))
        with pytest.raises(SharingDeniedError):
            own_item(scene.desk(partner, case_id), wanted)
        (entry,) = entries_of(played.app, since=before)
        assert [(line.rule, line.decision) for line in entry.lines] == [("R-28", "denied")]
        assert wanted.hex() not in repr(entry)
