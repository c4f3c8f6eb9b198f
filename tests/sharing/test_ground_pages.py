"""The pages of weighing notes, disclosure decisions and one's own organisation."""

import pytest

from pga.cases.rules import CaseState
from pga.sharing import queries
from pga.sharing.service import decisions
from pga.sharing.service.decisions import QUESTIONS
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def with_police(scene: Scene) -> bytes:
    """Play a case with police to its triage."""
    case_id = scene.case("POL", "JHA", state=CaseState.TRIAGE)
    scene.join(case_id, "GCR")
    return case_id


@pytest.fixture
def played(play: Play) -> Played[bytes]:
    return play(with_police)


def path(played: Played[bytes], rest: str) -> str:
    return f"/cases/{played.made.hex()}/{rest}"


def note(played: Played[bytes], **more: str | list[str]) -> dict[str, str | list[str]]:
    """What a browser posts for a weighing note."""
    recipients = [played.scene.organisation("JHA").hex()]
    answers = dict.fromkeys(QUESTIONS, "because")
    return {
        "category": "D14",
        "recipients": recipients,
        "review_on": "2027-01-01",
        **answers,
        **more,
    }


def test_a_note_is_approved_by_a_colleague_who_reads_what_was_weighed(
    played: Played[bytes],
) -> None:
    played.scene.seat(played.made, "GPR", "Second")
    second = played.visitor("GPR", "Second")
    lead, manager = played.visitor("GPR"), played.visitor("GCR")
    assert 'value="CASE"' in lead.read(path(played, "notes?category=D14"))
    assert 'value="CASE"' not in manager.read(path(played, "notes"))
    lead.do(path(played, "notes"), note(played, why_needed="He needs one plan"))
    (row,) = queries.notes_of(played.made, played.scene.organisation("GPR"))
    page = lead.read(path(played, "notes"))
    assert f"notes/{row.id.hex()}/approve" not in page
    assert lead.post(path(played, f"notes/{row.id.hex()}/approve")).status_code == 403
    assert "He needs one plan" not in manager.read(path(played, "notes"))
    assert manager.post(path(played, f"notes/{row.id.hex()}/approve")).status_code == 404
    assert "He needs one plan" in second.read(path(played, "notes"))
    second.do(path(played, f"notes/{row.id.hex()}/approve"))
    assert "goedgekeurd" in lead.read(path(played, "notes")).lower()


@pytest.mark.parametrize(
    "more", [{"review_on": ""}, {"review_on": "2020-01-01"}, {"why_needed": ""}, {"x": "y"}]
)
def test_a_note_that_is_not_right_comes_back_with_what_was_typed(
    played: Played[bytes], more: dict[str, str | list[str]]
) -> None:
    page = played.visitor("GPR").post(path(played, "notes"), note(played, **more))
    assert page.status_code == 422
    assert page.text.count("because") >= 3
    assert queries.notes_of(played.made, played.scene.organisation("GPR"))[1:] == []


def decision(played: Played[bytes], **more: str | list[str]) -> dict[str, str | list[str]]:
    """What a browser posts for a disclosure decision."""
    return {
        "article": "WPG_19",
        "number": "2026-7",
        "purposes": ["HELP"],
        "categories": ["D01"],
        "recipients": [played.scene.organisation("GPR").hex()],
        "authority": "chief",
        "valid_until": "2027-01-01",
        **more,
    }


def test_police_record_and_withdraw_a_decision_and_copy_its_line(played: Played[bytes]) -> None:
    police = played.visitor("POL")
    police.read(path(played, "decisions"))
    police.do(path(played, "decisions"), decision(played))
    assert "Wpg 19 (incidenteel), 2026-7" in police.read(path(played, "decisions"))
    (row,) = decisions.decisions_at(played.scene.desk("POL", played.made))
    police.do(path(played, f"decisions/{row.id.hex()}/withdraw"))
    assert "ingetrokken" in police.read(path(played, "decisions")).lower()


@pytest.mark.parametrize(
    "more",
    [{"article": "WPG_16"}, {"article": "WJSG_39F"}, {"valid_until": "2020-01-01"}, {"x": "y"}],
)
def test_a_decision_that_is_not_right_comes_back_with_what_was_typed(
    played: Played[bytes], more: dict[str, str | list[str]]
) -> None:
    page = played.visitor("POL").post(path(played, "decisions"), decision(played, **more))
    assert page.status_code == 422
    assert 'value="2026-7"' in page.text
    assert decisions.decisions_at(played.scene.desk("POL", played.made)) == []


def test_who_has_no_such_law_gets_no_page_of_decisions(played: Played[bytes]) -> None:
    visitor = played.visitor("JHA")
    assert visitor.get(path(played, "decisions")).status_code == 403
    assert visitor.post(path(played, "decisions"), decision(played)).status_code == 403


def test_one_sees_what_ones_own_organisation_may_bring_and_see(played: Played[bytes]) -> None:
    page = played.visitor("POL").read("/my-organisation")
    assert "Politieregistraties" in page or "olitie" in page
    assert played.made.hex() not in page
    outside = played.scene.who("CCT")
    assert outside.organisation_id.hex() not in played.visitor("CCT").read("/my-organisation")
