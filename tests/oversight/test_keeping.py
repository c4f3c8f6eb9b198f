"""Keeping and destroying on screen: two officers decide, a legal hold stops it, the log tells."""

from datetime import timedelta

import pytest

from audit.entries import Action
from auth.rules import Role
from config.clock import FrozenClock
from config.database import fresh_connection
from pga.cases.rules import CaseState
from pga.dossier.rules import StepReason
from pga.dossier.service import steps
from pga.oversight.service.keeping import AlreadyProposedError
from pga.records import queries as records
from pga.records.service.checking import check_everything
from pga.records.service.destruction import read_destructions, read_holds
from pga.records.service.shredding import shred
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.oversight.conftest import Desk, Made

WHY = "Complaint of 12 February, file 44."
BASIS = "The term of the agreement is over."
YEAR = timedelta(days=367)


def ended(scene: Scene) -> Made:
    """Play a case that was closed, a signal that was turned away, and a case in the next town."""
    case_id = scene.case("POL", state=CaseState.CLOSED)
    away = scene.signal("SCH")
    steps.take(scene.desk("GPR", away), CaseState.REJECTED, StepReason.OUTSIDE_TARGET_GROUP)
    for partner, name, role in (
        ("GPR", "Officer", Role.PRIVACY_OFFICER),
        ("GPR", "Deputy", Role.PRIVACY_OFFICER),
        ("GPR", "Fg", Role.DPO),
        ("POL", "Officer", Role.PRIVACY_OFFICER),
    ):
        scene.who(partner, name, role)
    elsewhere = Scene(municipality="GM0392")
    elsewhere.sign()
    return Made(case_id, away, elsewhere.signal(), elsewhere)


@pytest.fixture
def kept(play: Play) -> Desk:
    """An ended case, and officers who decide on it."""
    return Desk(play(ended))


def path(desk: Desk, case_id: bytes = b"") -> str:
    return f"/oversight/cases/{(case_id or desk.made.case_id).hex()}"


def propose(desk: Desk, **more: str) -> None:
    desk.officer.do(f"{path(desk)}/destruction", {"category": "case", "basis": BASIS, **more})


def approval() -> str:
    """Give where the newest proposal is approved."""
    return f"/oversight/destructions/{read_destructions()[0].id.hex()}/approve"


def items(case_id: bytes) -> dict[bytes, frozenset[str]]:
    with fresh_connection() as connection:
        return records.read_categories(connection, [case_id])


def test_a_case_may_go_when_its_term_is_over_and_a_signal_turned_away_before(
    kept: Desk, clock: FrozenClock
) -> None:
    number, away = kept.number(), kept.number(kept.made.other_id)
    page = kept.officer.read("/oversight/keeping")
    assert "Nothing waits to be destroyed" in page
    assert number in page.split("Still to be kept")[1]
    clock.advance(timedelta(days=29))
    kept.visitors.clear()
    page = kept.officer.read("/oversight/keeping")
    due, later = page.split("May go: the term is over")[1].split("Still to be kept")
    assert away in due
    assert number not in due
    assert number in later
    clock.advance(YEAR)
    kept.visitors.clear()
    page = kept.officer.read("/oversight/keeping")
    assert number in page
    assert "Still to be kept" not in page
    assert kept.number(kept.made.elsewhere_id) not in page


def test_what_one_officer_proposed_a_second_destroys_for_good(kept: Desk) -> None:
    before = items(kept.made.case_id)
    propose(kept)
    own = kept.officer.read(f"{path(kept)}/keeping")
    assert "You proposed this, so a second privacy officer must approve it." in own
    assert "Propose the destruction" not in own
    assert "Approve and destroy for good" not in own
    kept.officer.do(approval())
    assert "Two different people must approve the destruction." in kept.officer.read("/")
    assert items(kept.made.case_id) == before
    second = kept.visitor("GPR", "Deputy")
    assert "Approve and destroy for good" in second.read(f"{path(kept)}/keeping")
    second.do(approval())
    page = second.read("/oversight/keeping")
    assert "Destroyed for good" in page
    assert BASIS in page.split("Statement of destruction")[1]
    assert f"{kept.name('GPR', 'Officer')}, {kept.name('GPR', 'Deputy')}" in page
    assert items(kept.made.case_id) == {}
    assert check_everything().problems == []
    assert "Nothing is left of this case." in second.read(f"{path(kept)}/keeping")
    second.do(approval())
    assert "Somebody else changed this" in second.read("/")
    told = [entry.facts["step"] for entry in kept.entries(actions=[Action.DESTROY])]
    assert told[::-1] == ["proposed", "first approval", "second approval", "shredded"]
    seen = kept.officer.read(f"{path(kept)}?show=written")
    for words in ("Proposed a destruction", "Approved a destruction as the second"):
        assert words in seen


def test_the_data_protection_officer_reads_along_and_decides_no_destruction(kept: Desk) -> None:
    propose(kept)
    supervisor = kept.visitor("GPR", "Fg")
    page = supervisor.read(f"{path(kept)}/keeping")
    assert "You read along. The privacy officers decide, two of them." in page
    for button in ("Place a legal hold", "Approve and destroy for good", "Withdraw the proposal"):
        assert button not in page
    for what, data in (
        ("destruction", {"category": "case", "basis": BASIS}),
        ("hold", {"reason": WHY}),
    ):
        assert supervisor.post(f"{path(kept)}/{what}", data).status_code == 403
    assert supervisor.post(approval()).status_code == 403
    assert items(kept.made.case_id)


def test_nothing_under_legal_hold_is_proposed_approved_or_listed(
    kept: Desk, clock: FrozenClock
) -> None:
    propose(kept)
    kept.officer.do(f"{path(kept)}/hold", {"reason": WHY})
    page = kept.officer.read(f"{path(kept)}/keeping")
    assert WHY in page
    assert "As long as the legal hold stands, this cannot be approved." in page
    second = kept.visitor("GPR", "Deputy")
    second.do(approval())
    assert "there is a legal hold on it" in second.read("/")
    assert items(kept.made.case_id)
    refused = kept.officer.post(
        f"{path(kept)}/destruction", {"category": "case", "basis": "Another reason than that."}
    )
    assert refused.status_code == 422
    assert "there is a legal hold on it" in refused.text
    assert "Another reason than that." in refused.text
    clock.advance(YEAR)
    kept.visitors.clear()
    due = kept.officer.read("/oversight/keeping").split("May go: the term is over")[1]
    assert kept.number() not in due.split("Under legal hold")[0]
    kept.officer.do(f"{path(kept)}/hold/lift", {"reason": "Judgment of 3 March, no appeal."})
    assert read_holds() == []
    kept.visitor("GPR", "Deputy").do(approval())
    assert items(kept.made.case_id) == {}
    steps_told = [entry.facts["step"] for entry in kept.entries(actions=[Action.RETENTION_BLOCK])]
    assert steps_told[::-1] == ["hold placed", "hold lifted"]


def test_a_part_goes_and_the_rest_of_the_case_stays(kept: Desk) -> None:
    (categories,) = items(kept.made.case_id).values()
    propose(kept, category="D16")
    again = kept.officer.post(f"{path(kept)}/destruction", {"basis": BASIS, "category": "D16"})
    assert again.status_code == 422
    assert "This was proposed already" in again.text
    kept.visitor("GPR", "Deputy").do(approval())
    assert items(kept.made.case_id) == {kept.made.case_id: categories - {"D16"}}
    assert kept.number() in kept.officer.read("/oversight/keeping").split("Destroyed")[1]


def test_a_case_that_runs_goes_in_parts_only(desk: Desk) -> None:
    page = desk.officer.read(f"{path(desk)}/keeping")
    assert "The term begins when the case ends." in page
    asked = {"category": "case", "basis": BASIS}
    answer = desk.officer.post(f"{path(desk)}/destruction", asked)
    assert answer.status_code == 422
    assert "This case has not ended." in answer.text
    propose(desk, category="D04")
    assert [one.category for one in read_destructions()] == ["D04"]


def test_a_proposal_is_withdrawn_with_a_reason(kept: Desk) -> None:
    propose(kept)
    withdrawal = approval().replace("approve", "withdraw")
    kept.officer.do(withdrawal, {"reason": "no"})
    assert "Say in a sentence why." in kept.officer.read("/oversight/keeping")
    assert len(read_destructions()) == 1
    assert kept.visitor("GPR", "Fg").post(withdrawal, {"reason": WHY}).status_code == 403
    kept.officer.do(withdrawal, {"reason": "The youth asked to keep it."})
    assert read_destructions() == []
    assert items(kept.made.case_id)
    entry = kept.entries(actions=[Action.DESTROY])[0]
    assert (entry.facts["step"], entry.reason) == ("withdrawn", "The youth asked to keep it.")


def test_what_was_approved_and_cut_off_is_carried_out_by_the_next_press(
    kept: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(kept)
    left = [1]

    def cut_off(*asked: object) -> int:
        if left.pop() if left else 0:
            raise AlreadyProposedError
        return shred(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr("pga.oversight.service.keeping.shred", cut_off)
    second = kept.visitor("GPR", "Deputy")
    second.do(approval())
    page = second.read(f"{path(kept)}/keeping")
    assert "Approved, and not carried out yet" in page
    assert "Withdraw the proposal" not in page
    assert (
        kept.officer.post(approval().replace("approve", "withdraw"), {"reason": WHY}).status_code
        == 409
    )
    second.do(approval())
    assert items(kept.made.case_id) == {}


def test_officers_of_partners_and_of_other_towns_decide_nothing(kept: Desk) -> None:
    propose(kept)
    police = kept.visitor("POL", "Officer")
    assert police.get("/oversight/keeping").status_code == 403
    there = kept.made.elsewhere.who("GPR", "There", Role.PRIVACY_OFFICER)
    other = kept.browser_of(there)
    assert kept.number() not in other.read("/oversight/keeping")
    assert other.get(f"{path(kept)}/keeping").status_code == 404
    for where, data in (
        (f"{path(kept)}/hold", {"reason": WHY}),
        (f"{path(kept)}/hold/lift", {"reason": WHY}),
        (f"{path(kept)}/destruction", {"category": "case", "basis": BASIS}),
        (approval(), {}),
        (approval().replace("approve", "withdraw"), {"reason": WHY}),
    ):
        assert other.post(where, data).status_code == 404
        assert police.post(where, data).status_code == 403
    assert items(kept.made.case_id)


def test_a_form_without_a_reason_keeps_what_was_typed(kept: Desk) -> None:
    for what in ("hold", "hold/lift", "destruction"):
        name = "basis" if what == "destruction" else "reason"
        answer = kept.officer.post(f"{path(kept)}/{what}", {name: "short"})
        assert answer.status_code == 422
        assert "Say in a sentence why." in answer.text
    assert read_holds() == []
