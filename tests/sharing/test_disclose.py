"""Disclosing: one entry, one decision, and nothing for who has no seat."""

import pytest

from config.errors import NotFoundError
from pga.sharing.service.disclose import disclose_one
from tests.factories.scene import Scene


def test_the_case_manager_reads_what_the_attendance_officer_brought(scene_on: Scene) -> None:
    case_id = scene_on.case("LPR")
    item_id = scene_on.bring("LPR", case_id, "D04", "absent on Mondays")
    disclosure = disclose_one(scene_on.who("GCR").viewer, case_id)
    texts = {item.id: item.content["text"] for item in disclosure.items}
    assert texts[item_id] == "absent on Mondays"


def test_an_outsider_gets_the_same_answer_for_a_real_and_an_unknown_case(scene: Scene) -> None:
    case_id = scene.case()
    outsider = scene.who("WOC").viewer
    for address in (case_id, bytes(16)):
        with pytest.raises(NotFoundError):
            disclose_one(outsider, address)
