"""Writing pages of the case file: log, contribute, plan, agree, drafts."""

import pytest

from config import clock
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import AgreementState
from pga.sharing.service.disclose import disclose_one
from tests.dossier.conftest import Table
from tests.factories.scene import INSTALLATION as HOUSE


def texts(table: Table, partner: str = "GCR") -> list[str]:
    """Read what somebody can read in the case."""
    viewer = table.scene.who(partner).viewer
    return [str(i.content.get("text", "")) for i in disclose_one(viewer, table.case_id).items]


def intervention(table: Table, **more: str) -> dict[str, str]:
    """Fill in the short form."""
    return {
        "case": table.case_id.hex(),
        "library_code": "home_visit",
        "happened_on": clock.today().isoformat(),
        "text": "Spoke with mother.",
        **more,
    }


def test_an_account_number_in_the_own_words_of_a_youth_is_refused_beside_them(table: Table) -> None:
    goal = {"kind": "goal", "title": "Save money", "own_words": "put it on NL91ABNA0417164300"}
    answer = table.visitor("GCR").post(f"{table.path}/goals/new", goal)
    assert answer.status_code == 422
    assert 'href="#f-own_words"' in answer.text
    assert "NL91ABNA0417164300" in answer.text


def test_an_intervention_is_logged_with_its_readers_shown_before_saving(table: Table) -> None:
    visitor = table.visitor("GCR")
    page = visitor.read(f"/log?case_id={table.case_id.hex()}")
    assert "These can read this" in page
    assert "First GPR" in page
    visitor.do("/log", intervention(table))
    assert "Spoke with mother." in texts(table)
    assert "Home visit" in visitor.read(table.path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"library_code": ""}, "Choose what you did"),
        ({"text": "NL91ABNA0417164300"}, "account number"),
        ({"text": "111222333"}, "citizen service number"),
        ({"happened_on": "2031-01-01"}, "Choose today or a day before"),
        ({"happened_on": "0206-11-02"}, "Is the year right?"),
        ({"happened_on": "soon"}, "Fill in a date"),
        ({"case": "nothing"}, "not written as expected"),
    ],
)
def test_bad_input_says_why_and_keeps_the_text(
    table: Table, wrong: dict[str, str], message: str
) -> None:
    answer = table.visitor("GCR").post("/log", intervention(table, **{"text": "kept", **wrong}))
    assert answer.status_code == 422
    assert message in answer.text
    assert wrong.get("text", "kept") in answer.text


def test_who_takes_part_in_nothing_is_told_so(table: Table) -> None:
    assert "You take part in no case" in table.visitor("WOC").read("/log")


def test_a_provider_bound_by_secrecy_only_has_fixed_wordings(table: Table) -> None:
    care = table.visitor("GGZ")
    page = care.read(f"/log?case_id={table.case_id.hex()}")
    assert "There was a conversation." in page
    free = care.post("/log", intervention(table, library_code="", what="He told about his father"))
    assert free.status_code == 422
    care.do("/log", intervention(table, library_code="", what="conversation_held", text=""))
    assert "There was a conversation." in table.visitor("GCR").read(table.path)


@pytest.mark.parametrize(
    ("address", "more", "field"),
    [
        ("goals/new", {"kind": "goal"}, "own_words"),
        ("actions/new", {"due_on": "2026-11-09"}, "text"),
    ],
)
def test_no_field_of_the_plan_takes_other_words_of_a_provider_bound_by_secrecy(
    table: Table, address: str, more: dict[str, str], field: str
) -> None:
    care, path = table.visitor("GGZ"), f"{table.path}/{address}"
    mine = {"responsible": table.scene.who("GGZ").person_id.hex()} if "due_on" in more else {}
    form = {"title": "contact_continues", **more, **mine}
    assert f'name="{field}"' not in care.read(path)
    answer = care.post(path, {**form, field: "We treat him for his fears"})
    assert answer.status_code == 422
    assert "fixed wordings" in answer.text
    care.do(path, form)


def test_a_contribution_starts_with_its_category_and_shows_basis_and_readers(table: Table) -> None:
    visitor = table.visitor("LPR")
    assert "Education" in visitor.read(f"{table.path}/contribute")
    page = visitor.read(f"{table.path}/contribute?category=D04")
    assert "Basis:" in page
    assert "First GCR" in page
    form = {"category": "D04", "title": "Truancy", "text": "late twice", "fact_type": "fact"}
    preview = visitor.post(f"{table.path}/contribute", {**form, "preview": "yes"})
    assert "late twice" in preview.text
    visitor.do(f"{table.path}/contribute", form)
    assert "late twice" in texts(table)
    assert visitor.post(f"{table.path}/contribute", {**form, "title": ""}).status_code == 422
    bad = visitor.post(f"{table.path}/contribute", {**form, "happened_on": "2031-01-01"})
    assert bad.status_code == 422


def test_a_named_reader_is_offered_by_name_and_reads_it(table: Table) -> None:
    police = table.scene.who("POL").person_id.hex()
    visitor = table.visitor("LPR")
    form = {"category": "D04", "title": "Truancy", "text": "for police", "recipients": police}
    preview = visitor.post(f"{table.path}/contribute", {**form, "preview": "yes"})
    assert "First POL" in preview.text
    visitor.do(f"{table.path}/contribute", form)
    assert "for police" in texts(table, "POL")


def test_what_cannot_be_shared_yet_says_what_is_needed(table: Table) -> None:
    visitor = table.visitor("POL")
    page = visitor.read(f"{table.path}/contribute?category=D05")
    assert "You cannot share this yet" in page
    assert "disclosure decision" in page
    refused = visitor.post(f"{table.path}/contribute", {"category": "D05", "title": "Summary"})
    assert refused.status_code == 422
    assert "Summary" in refused.text


def test_an_action_is_planned_and_done(table: Table) -> None:
    visitor = table.visitor("GCR")
    assert "First LPR" in visitor.read(f"{table.path}/actions/new")
    form = {
        "title": "Visit the school",
        "due_on": "2026-11-09",
        "responsible": table.scene.who("GCR").person_id.hex(),
    }
    visitor.do(f"{table.path}/actions/new", form)
    assert "Visit the school" in visitor.read("/")
    visitor.do(f"{table.item('GCR', 'action')}/done", {"back": "home"})
    assert "Visit the school" not in visitor.read("/")
    assert visitor.post(f"{table.item('GCR', 'action')}/done").status_code == 409
    assert table.visitor("SCH").post(f"{table.item('GCR', 'action')}/done").status_code == 403
    assert visitor.post(f"{table.path}/actions/new", {"title": "x"}).status_code == 422
    for odd, said in (("2026-11-01", "has not passed"), ("2206-11-09", "within a year")):
        assert said in visitor.post(f"{table.path}/actions/new", {**form, "due_on": odd}).text
    iban = visitor.post(f"{table.path}/actions/new", {**form, "text": "NL91ABNA0417164300"})
    assert iban.status_code == 422


def test_an_action_is_only_for_who_one_may_know_and_a_hidden_one_gives_the_same_answer(
    table: Table,
) -> None:
    school = table.visitor("SCH")
    form = {"title": "Call home", "due_on": "2026-11-09"}
    hidden = table.scene.who("GGZ").person_id.hex()
    for person in (hidden, table.scene.who("WOC").person_id.hex(), "0" * 32):
        answer = school.post(f"{table.path}/actions/new", {**form, "responsible": person})
        assert answer.status_code == 422
        assert "Choose from the list" in answer.text
        assert "Call home" in answer.text


def test_a_case_that_was_closed_meanwhile_says_why_and_keeps_the_text(table: Table) -> None:
    visitor = table.visitor("GCR")
    table.visitor("GPR").do(f"{table.path}/restriction", {"restricted": "yes"})
    action = {
        "title": "kept",
        "due_on": "2026-11-09",
        "responsible": table.scene.who("GCR").person_id.hex(),
    }
    for address, form in (
        ("/log", intervention(table, text="kept")),
        (f"{table.path}/actions/new", action),
        (f"{table.path}/goals/new", {"kind": "goal", "title": "kept"}),
    ):
        answer = visitor.post(address, form)
        assert answer.status_code == 422
        assert "restricted" in answer.text
        assert "kept" in answer.text


def test_a_party_that_no_longer_takes_part_keeps_the_text_and_reads_why(table: Table) -> None:
    facts = table.scene.desk("GPR", table.case_id).facts
    agreement = agreements.agreements_by_id([facts.agreement.id])[facts.agreement.id]
    agreement_service.end(agreement, AgreementState.TERMINATED, HOUSE)
    answer = table.visitor("LPR").post(f"{table.path}/goals/new", {"kind": "goal", "title": "kept"})
    assert answer.status_code == 422
    assert "the agreement is not in force" in answer.text
    assert "kept" in answer.text


def test_a_goal_keeps_the_own_words_of_the_youth(table: Table) -> None:
    visitor = table.visitor("GCR")
    assert "A goal" in visitor.read(f"{table.path}/goals/new")
    form = {"kind": "goal", "title": "Diploma", "own_words": "I want my diploma"}
    visitor.do(f"{table.path}/goals/new", form)
    assert "I want my diploma" in visitor.read(table.path)
    assert visitor.post(f"{table.path}/goals/new", {"kind": "goal"}).status_code == 422
    bad = visitor.post(f"{table.path}/goals/new", {**form, "text": "NL91ABNA0417164300"})
    assert bad.status_code == 422


def test_a_draft_is_kept_comes_back_and_goes_when_it_is_sent(table: Table) -> None:
    visitor = table.visitor("GCR")
    for text in ("half a senten", "half a sentence"):
        kept = visitor.post("/drafts/log", intervention(table, text=text))
        assert "Draft kept" in kept.text
    page = visitor.read("/log")
    assert "half a sentence" in page
    draft = page.split('name="draft" value="')[1].split('"')[0]
    assert len(draft) == 32
    visitor.do("/log", intervention(table, draft=draft))
    assert "half a sentence" not in visitor.read("/log")
    assert visitor.post("/drafts/other", {"text": "x"}).status_code == 204


def test_a_draft_of_a_contribution_belongs_to_its_case(table: Table) -> None:
    visitor = table.visitor("LPR")
    case = table.case_id.hex()
    kept = visitor.post(f"/drafts/contribute?case_id={case}", {"title": "half", "category": "D04"})
    assert kept.status_code == 200
    assert "half" in visitor.read(f"{table.path}/contribute")
    assert "half" not in table.visitor("GCR").read(f"{table.path}/contribute?category=D14")
