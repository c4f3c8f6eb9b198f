"""Who once read something is told not to use it any more, also without a seat in its case."""

from audit.entries import Action, Kind
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import AgreementState
from pga.cases.rules import CaseState
from pga.dossier.rules import StepReason
from pga.dossier.service import people, repairs, steps
from pga.sharing.service import releases
from pga.sharing.service.disclose import disclose_one
from tests.dossier.conftest import Table
from tests.factories.log import entries_of
from tests.factories.scene import INSTALLATION

STOP = "Do not use this any more"


def read_by_school(table: Table) -> bytes:
    """Let the school, which owns nothing in the case, read what it is named for."""
    scene, case_id = table.scene, table.case_id
    scene.note(case_id, "LPR", "D14", "SCH")
    item_id = scene.bring("LPR", case_id, "D14", recipients=[scene.who("SCH").person_id])
    found = disclose_one(scene.who("SCH").viewer, case_id)
    assert item_id in {item.id for item in found.items}
    return item_id


def close(table: Table) -> None:
    for target in (CaseState.SCALED_DOWN, CaseState.CLOSED):
        desk = table.scene.desk("GPR", table.case_id)
        steps.take(desk, target, StepReason.GOALS_REACHED)


def done_at(page: str) -> str:
    """Give where the button of the notice posts to."""
    return page.split('action="/notices/')[1].split('"', maxsplit=1)[0]


def test_what_was_withdrawn_before_the_case_closed_is_still_told_to_its_reader(
    table: Table,
) -> None:
    item_id = read_by_school(table)
    repairs.withdraw_item(table.scene.desk("LPR", table.case_id), item_id)
    assert STOP in table.visitor("SCH").read("/")
    close(table)
    school = table.visitor("SCH")
    assert school.get(table.path).status_code == 404
    page = school.read("/")
    assert STOP in page
    assert "Risks and strengths" in page
    school.do(f"/notices/{done_at(page)}")
    assert "Nothing that waits for you" in school.read("/")


def test_what_is_withdrawn_after_the_case_closed_is_told_too(table: Table) -> None:
    item_id = read_by_school(table)
    close(table)
    assert "Nothing that waits for you" in table.visitor("SCH").read("/")
    repairs.withdraw_item(table.scene.desk("LPR", table.case_id), item_id)
    assert STOP in table.visitor("SCH").read("/")


def test_whose_task_ended_is_told_as_well(table: Table) -> None:
    scene, case_id = table.scene, table.case_id
    scene.release(case_id, "GGZ", ["D14"], "SCH")
    scene.bring("GGZ", case_id, "D14", recipients=[scene.who("SCH").person_id])
    disclose_one(scene.who("SCH").viewer, case_id)
    desk = scene.desk("SCH", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "SCH")
    people.end_task(desk, mine.id)
    releases.withdraw_all(scene.desk("LPR", case_id))
    page = table.visitor("SCH").read("/")
    assert STOP in page
    assert scene.desk("GPR", case_id).facts.case.number in page


def test_a_reader_in_a_case_whose_agreement_ended_is_told_there(table: Table) -> None:
    item_id = read_by_school(table)
    facts = table.scene.desk("GPR", table.case_id).facts
    agreement = agreements.agreements_by_id([facts.agreement.id])[facts.agreement.id]
    agreement_service.end(agreement, AgreementState.TERMINATED, INSTALLATION)
    repairs.withdraw_item(table.scene.desk("LPR", table.case_id), item_id)
    page = table.visitor("SCH").read("/")
    assert STOP in page
    assert "/notices/" not in page


def test_a_notice_is_for_its_reader_alone_and_others_get_the_answer_of_none(table: Table) -> None:
    item_id = read_by_school(table)
    repairs.withdraw_item(table.scene.desk("LPR", table.case_id), item_id)
    close(table)
    address = f"/notices/{done_at(table.visitor('SCH').read('/'))}"
    for partner in ("POL", "GPR", "WOC"):
        visitor = table.visitor(partner)
        assert "/notices/" not in visitor.read("/")
        assert visitor.post(address).status_code == 404
        assert visitor.post(f"/notices/{'0' * 32}/done").status_code == 404
    assert STOP in table.visitor("SCH").read("/")


def test_what_one_is_told_of_a_case_is_one_entry_explained_by_the_task(table: Table) -> None:
    item_id = read_by_school(table)
    repairs.withdraw_item(table.scene.desk("LPR", table.case_id), item_id)
    close(table)
    before = len(entries_of(table.played.app))
    page = table.visitor("SCH").read("/")
    (listed,) = entries_of(table.played.app, since=before)
    assert (listed.action, listed.kind) == (Action.CONSULT, Kind.LISTED)
    assert listed.case_id == table.case_id.hex()
    assert listed.explained_by is not None
    assert listed.explained_by.kind == "task"
    assert not listed.lines
    table.visitor("SCH").do(f"/notices/{done_at(page)}")
    acts = [entry.action for entry in entries_of(table.played.app, since=before)]
    assert acts.count(Action.UPDATE) == 1
