"""Repairs of own items."""

from datetime import timedelta

import pytest

from config.clock import FrozenClock
from pga.dossier.service import repairs
from pga.dossier.service.repairs import TooLateError
from tests.dossier.conftest import Table


def test_a_correction_is_a_new_version_and_readers_are_told(table: Table) -> None:
    manager, owner = table.visitor("GCR"), table.visitor("LPR")
    manager.read(table.path)
    address = table.item("LPR", "contribution")
    assert "First GCR" in owner.read(f"{address}/repair")
    assert "absent on Mondays" in owner.read(f"{address}/correct")
    form = {"title": "Truancy", "text": "absent on Tuesdays", "version": "1"}
    owner.do(f"{address}/correct", form)
    page = manager.read(table.path)
    assert "absent on Tuesdays" in page
    assert "absent on Mondays" not in page
    assert "What you read was corrected" in manager.read("/")
    assert owner.post(f"{address}/correct", form).status_code == 409
    assert owner.post(f"{address}/correct", {"title": ""}).status_code == 422
    bad = owner.post(f"{address}/correct", {**form, "text": "NL91ABNA0417164300"})
    assert bad.status_code == 422


def test_a_withdrawn_item_closes_for_all_but_its_owner(table: Table) -> None:
    manager, owner = table.visitor("GCR"), table.visitor("LPR")
    manager.read(table.path)
    address = table.item("LPR", "contribution")
    owner.do(f"{address}/withdraw")
    assert "absent on Mondays" not in manager.read(table.path)
    assert manager.get(address).status_code == 403
    assert "Do not use this any more" in manager.read("/")
    assert "Withdrawn" in owner.read(address)
    assert owner.post(f"{address}/withdraw").status_code == 409


def test_a_wrong_case_opens_a_task_for_a_possible_breach_with_its_72_hours(table: Table) -> None:
    owner = table.visitor("LPR")
    address = table.item("LPR", "contribution")
    owner.do(f"{address}/wrong-case")
    page = owner.read("/")
    assert "Possible data breach" in page
    assert "5 November 2026" in page
    task = page.split(f'href="{table.path}/tasks/')[1].split('"')[0]
    assert "72 hours" in owner.read(f"{table.path}/tasks/{task}")
    owner.do(f"{table.path}/tasks/{task}/done")
    assert "Possible data breach" not in owner.read("/")
    assert owner.post(f"{table.path}/tasks/{task}/done").status_code == 409
    assert table.visitor("GCR").get(f"{table.path}/tasks/{task}").status_code == 404


def test_nobody_repairs_an_item_of_somebody_else(table: Table) -> None:
    address = table.item("LPR", "contribution")
    for what in ("repair", "correct"):
        assert table.visitor("GCR").get(f"{address}/{what}").status_code == 403
    for what in ("withdraw", "wrong-case", "undo"):
        assert table.visitor("GCR").post(f"{address}/{what}").status_code == 403


def test_undo_is_for_ten_minutes_and_only_while_nobody_opened_it(
    table: Table, clock: FrozenClock
) -> None:
    owner = table.visitor("LPR")
    fresh = table.scene.bring("LPR", table.case_id, "D04", "a slip of the pen")
    address = f"{table.path}/items/{fresh.hex()}"
    assert "Take it back" in owner.read(f"{address}/repair")
    owner.do(f"{address}/undo")
    assert "a slip of the pen" not in table.visitor("GCR").read(table.path)
    opened = table.scene.bring("LPR", table.case_id, "D04", "already read")
    table.visitor("GCR").read(table.path)
    with pytest.raises(TooLateError):
        repairs.undo(table.scene.desk("LPR", table.case_id), opened)
    late = table.scene.bring("LPR", table.case_id, "D04", "too late")
    clock.advance(timedelta(minutes=11))
    with pytest.raises(TooLateError):
        repairs.undo(table.scene.desk("LPR", table.case_id), late)


def test_a_provider_bound_by_secrecy_corrects_into_a_fixed_wording_only(table: Table) -> None:
    care = table.visitor("GGZ")
    logged = {"case": table.case_id.hex(), "what": "conversation_held", "happened_on": "2026-11-02"}
    care.do("/log", logged)
    address = table.item("GGZ", "intervention")
    assert "Contact continues" in care.read(f"{address}/correct")
    form = {"title": "conversation_held", "text": "", "version": "1"}
    for more in ({"title": "Talked about his father"}, {"text": "He cried"}):
        answer = care.post(f"{address}/correct", {**form, **more})
        assert answer.status_code == 422
        assert "fixed wordings" in answer.text
    care.do(f"{address}/correct", {**form, "title": "contact_continues"})
    assert "Contact continues" in table.visitor("GCR").read(table.path)
