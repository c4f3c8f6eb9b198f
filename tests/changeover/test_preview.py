"""The preview: what a version does to living cases, in numbers that give no case away."""

import re
from html import unescape

import pytest

from config import clock
from config.database import db, transaction
from pga.agreements.models import Agreement, AgreementState
from pga.cases.models import Case, Participant
from pga.cases.rules import CaseState
from pga.changeover.rules import Tell, Told
from pga.changeover.service.previews import preview
from pga.policy.codes import Partner, Stage
from tests.changeover.conftest import Room, unknown
from tests.changeover.versions import crowd, current, drafted, signing
from tests.factories.browserless import Visitor
from tests.factories.work import counted


def path(agreement: Agreement, source: Agreement | None = None) -> str:
    """Give the address of a preview."""
    extra = f"?source={source.id.hex()}" if source else ""
    return f"/changeover/{agreement.id.hex()}/preview{extra}"


def words(page: str) -> str:
    """Give what a page says, without tags."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def touched(room: Room, stage: Stage, partner: Partner) -> Told:
    """Tell how many living cases a change for a partner is about."""
    return preview(room.source, room.target).touched(stage, partner)


def test_a_change_is_about_the_cases_in_its_stage_in_which_the_partner_takes_part(
    room_on: Room,
) -> None:
    crowd(room_on.scene, 16, ["JWK", "POL"])
    crowd(room_on.scene, 14, ["POL"], CaseState.TRIAGE)
    crowd(room_on.scene, 30)
    about = Tell.ABOUT
    assert touched(room_on, Stage.FULL, Partner.JWK) == Told(about, 15)
    assert touched(room_on, Stage.FULL, Partner.POL) == Told(about, 15)
    assert touched(room_on, Stage.FIRST, Partner.JWK) == Told(Tell.FEW)
    assert touched(room_on, Stage.FIRST, Partner.POL) == Told(Tell.NEARLY_ALL, 15)
    found = preview(room_on.source, room_on.target)
    assert found.whole[Stage.FULL] == Told(about, 45)
    assert {change.consumer for change in found.changes} == {Partner.JWK, Partner.POL}


def test_below_ten_cases_only_that_is_said(room: Room) -> None:
    crowd(room.scene, 9, ["JWK"])
    crowd(room.scene, 30)
    page = words(room.visitor("lead").read(path(room.target)))
    assert "<10" in page
    assert not re.search(r"\b9\b", page.replace("all but 9 at most", ""))


def test_cases_that_ended_and_tasks_that_ended_do_not_count(room: Room) -> None:
    ended = crowd(room.scene, 20, ["JWK"])
    over = crowd(room.scene, 20, ["JWK"])
    crowd(room.scene, 20)
    with transaction():
        for case in db.session.query(Case).filter(Case.id.in_(ended)):
            case.state = CaseState.CLOSED
        for one in db.session.query(Participant).filter(Participant.case_id.in_(over)):
            one.ended_on = clock.today()
    assert touched(room, Stage.FULL, Partner.JWK) == Told(Tell.FEW)


def test_cases_under_another_version_do_not_count(room: Room) -> None:
    crowd(room.scene, 20, ["JWK"], agreement=room.target)
    crowd(room.scene, 20)
    assert touched(room, Stage.FULL, Partner.JWK) == Told(Tell.FEW)


def test_of_secret_help_nearly_all_reads_like_few(room: Room) -> None:
    crowd(room.scene, 12, ["GGZ"])
    few_or_all = Told(Tell.FEW_OR_NEARLY_ALL)
    assert touched(room, Stage.FULL, Partner.GGZ) == few_or_all
    crowd(room.scene, 12)
    assert touched(room, Stage.FULL, Partner.GGZ) == Told(Tell.ABOUT, 10)
    assert touched(room, Stage.FULL, Partner.MEE) == few_or_all


def test_no_number_stands_over_stages_or_partners_together(room: Room) -> None:
    crowd(room.scene, 40, ["JWK"])
    crowd(room.scene, 25, state=CaseState.TRIAGE)
    page = words(room.visitor("officer").read(path(room.target)))
    assert "about 40, all but 9 at most" in page
    assert "about 40" in page
    assert "about 25" in page
    assert "65" not in page


def test_no_case_can_be_reached_from_a_preview(room: Room) -> None:
    ids = crowd(room.scene, 3, ["JWK"])
    page = room.visitor("lead").read(path(room.target))
    assert "/cases/" not in page
    assert not any(one.hex() in page or one.hex()[:12] in page for one in ids)


def test_a_preview_costs_the_same_with_ten_and_with_two_thousand_cases(room_on: Room) -> None:
    visitor = room_on.visitor("lead")
    crowd(room_on.scene, 10, ["JWK", "POL"])
    few = cost(room_on, visitor)
    crowd(room_on.scene, 1990, ["JWK", "POL"])
    assert cost(room_on, visitor) == few


def cost(room: Room, visitor: Visitor) -> dict[str, int]:
    """Count the statements of the page, opened before."""
    visitor.read(path(room.target))
    with counted(room.played.app) as statements:
        visitor.read(path(room.target))
    return dict(statements)


@pytest.mark.parametrize("key", ["lead", "second lead", "lawyer", "officer", "dpo"])
def test_who_leads_tests_or_oversees_for_the_municipality_sees_it(room: Room, key: str) -> None:
    visitor = room.visitor(key)
    assert visitor.get("/changeover").status_code == 200
    assert visitor.get(path(room.target)).status_code == 200
    assert "/changeover" in visitor.read("/agreements")


@pytest.mark.parametrize(
    ("key", "status"),
    [("professional", 403), ("signatory of police", 404), ("lawyer of police", 404)],
)
def test_nobody_else_sees_it(room: Room, key: str, status: int) -> None:
    assert room.visitor(key).get(path(room.target)).status_code == status


def test_a_version_of_another_municipality_is_not_there(room: Room) -> None:
    target = room.target
    target_path, none_path = path(target), f"/changeover/{unknown()}/preview"
    with transaction():
        target.municipality = "GM0392"
    visitor = room.visitor("lead")
    assert visitor.get(target_path).status_code == visitor.get(none_path).status_code == 404


def test_a_version_that_ended_is_no_proposal(room: Room) -> None:
    with transaction():
        room.target.state = AgreementState.TERMINATED
    assert room.visitor("lead").get(path(room.target)).status_code == 404


def test_who_has_not_signed_the_new_version_is_named(room: Room) -> None:
    scene = room.scene
    third = signing(scene, {("JWK", "D04"): "X/R2"}, "3.0", "JWK", "POL")
    crowd(scene, 20, ["POL"])
    crowd(scene, 20)
    page = words(room.visitor("lead").read(path(third)))
    assert "These have not signed the new version" in page
    assert re.search(r"Police: Organisation POL \w+\. From the case meeting on: about 20", page)
    assert re.search(r"Youth work: Organisation JWK \w+\. From the case meeting on: <10", page)
    assert "These have not signed" not in room.visitor("lead").read(path(room.target))


def test_a_draft_that_nobody_was_asked_to_sign_names_nobody(room: Room) -> None:
    page = room.visitor("lead").read(path(drafted(room.scene, version="4.0")))
    assert "These have not signed" not in page


def test_a_draft_over_a_limit_of_the_law_gets_a_clear_answer(room: Room) -> None:
    draft = drafted(room.scene, {("WOC", "D05"): "X/R1"}, "5.0")
    page = room.visitor("lead").read(path(draft))
    assert "This version goes over a limit of the law" in page


def test_a_purpose_that_ends_is_said(room: Room) -> None:
    draft = drafted(room.scene, {}, "6.0")
    with transaction():
        draft.document = re.sub(
            r"- code: ORDER\n  track: youth\n  text: [^\n]*\n(?:    [^\n]*\n)*", "", draft.document
        )
        draft.document = re.sub(r"\n\s+ORDER: [^\n]*", "", draft.document)
    page = words(room.visitor("lead").read(path(draft)))
    assert "This purpose ends" in page


def test_the_same_text_changes_nothing(room: Room) -> None:
    page = words(room.visitor("lead").read(path(drafted(room.scene, {}, "7.0"))))
    assert "Nothing changes at the table" in page
    assert "Name, version and dates: 1 change" in page
    assert "Changed: “Version”. It said: “2024.1”. It will say: “7.0”." in page
    assert "No case lives under this version" in page


def test_without_another_version_there_is_nothing_to_compare_with(room: Room) -> None:
    with transaction():
        room.source.state = AgreementState.TERMINATED
    page = words(room.visitor("lead").read(path(room.target)))
    assert "There is nothing to compare with" in page


def test_a_version_left_behind_with_living_cases_can_be_compared_with(room: Room) -> None:
    scene = room.scene
    old, target = current(scene), room.target
    crowd(scene, 20, ["JWK"], agreement=old)
    with transaction():
        old.state, target.state = AgreementState.SUPERSEDED, AgreementState.ACTIVE
    draft = drafted(scene, {("JWK", "D12"): "X/R2"}, "8.0")
    page = words(room.visitor("lead").read(path(draft)))
    assert "From version 2.0 to version 8.0" in page
    page = words(room.visitor("lead").read(path(draft, old)))
    assert f"From version {old.version} to version 8.0" in page
    start = words(room.visitor("lead").read("/changeover"))
    assert "superseded" in start
    assert "there are" in start


def test_an_address_with_no_version_in_it_compares_with_the_first(room: Room) -> None:
    visitor = room.visitor("lead")
    for given in ("zz", "00", unknown()):
        page = words(visitor.read(f"{path(room.target)}?source={given}"))
        assert "to version 2.0" in page


def test_the_start_lists_what_is_in_force_and_what_is_to_come(room: Room) -> None:
    page = words(room.visitor("lead").read("/changeover"))
    assert "in force" in page
    assert "being signed" in page
    assert "What changes for living cases?" in page


def test_a_municipality_without_any_version_has_an_empty_start(room: Room) -> None:
    with transaction():
        for one in db.session.query(Agreement):
            one.municipality = "GM0392"
    page = words(room.visitor("lead").read("/changeover"))
    assert "There is no agreement here yet" in page
