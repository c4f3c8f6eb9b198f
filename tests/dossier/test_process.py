"""The process of a case: signal, steps, informing, people and waiting tasks."""

import re

import pytest

from auth.service import INSTALLATION, end_membership
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import AgreementState
from pga.cases.rules import CaseState
from pga.cases.service import StepNotAllowedError
from pga.dossier.service import steps
from tests.dossier.conftest import Table
from tests.factories.scene import INSTALLATION as HOUSE

SIGNAL = {
    "municipality": "GM0361",
    "track": "youth",
    "first_name": "Noor",
    "surname": "Vis",
    "born_on": "2010-02-03",
    "reason": "Often away from home.",
    "goal": "A safe place.",
    "tried": "Two talks.",
    "is_informed": "false",
    "why_not_informed": "The talk is planned.",
}


def test_a_partner_starts_a_case_that_only_the_process_lead_can_read_too(table: Table) -> None:
    visitor = table.visitor("LPR")
    place = table.scene.who("LPR").membership_id.hex()
    assert "Start a case" in visitor.read("/cases/new")
    answer = visitor.do("/cases/new", {**SIGNAL, "place": place})
    assert "Noor" in visitor.read(answer.location)
    assert "Often away from home." in table.visitor("GPR").read(answer.location)
    assert table.visitor("GCR").get(answer.location).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"first_name": ""}, "Fill this in"),
        ({"theme": "radicalisation"}, "radicalisation"),
        ({"why_not_informed": ""}, "Say why"),
        ({"reason": "NL91ABNA0417164300"}, "account number"),
        ({"bsn": "123456789"}, "not a valid BSN"),
        ({"born_on": "2031-01-01"}, "birth date"),
    ],
)
def test_a_signal_with_a_gap_says_which_and_keeps_the_rest(
    table: Table, wrong: dict[str, str], message: str
) -> None:
    place = table.scene.who("LPR").membership_id.hex()
    answer = table.visitor("LPR").post("/cases/new", {**SIGNAL, "place": place, **wrong})
    assert answer.status_code == 422
    assert message in answer.text
    assert "Two talks." in answer.text


def test_a_case_of_the_same_youth_is_shown_before_a_second_one_starts(table: Table) -> None:
    visitor = table.visitor("LPR")
    form = {**SIGNAL, "place": table.scene.who("LPR").membership_id.hex(), "bsn": "111222333"}
    first = visitor.do("/cases/new", form).location
    again = visitor.post("/cases/new", form)
    assert again.status_code == 422
    assert first in again.text
    visitor.do("/cases/new", {**form, "anyway": "true"})


def test_police_send_no_signal_without_a_decision(table: Table) -> None:
    place = table.scene.who("POL").membership_id.hex()
    answer = table.visitor("POL").post("/cases/new", {**SIGNAL, "place": place})
    assert answer.status_code == 422
    assert "disclosure decision" in answer.text


def test_nobody_starts_a_case_for_a_place_that_is_not_theirs(table: Table) -> None:
    place = table.scene.who("POL").membership_id.hex()
    assert table.visitor("LPR").post("/cases/new", {**SIGNAL, "place": place}).status_code == 404


def test_the_way_from_signal_to_the_running_plan_is_guarded_step_by_step(at_start: Table) -> None:
    lead = at_start.visitor("GPR")
    at_start.scene.who("GCR")

    def go(target: str, **more: str) -> None:
        lead.do(f"{at_start.path}/steps", {"target": target, **more})

    assert "Admit the signal" in lead.read(f"{at_start.path}/steps")
    assert lead.post(f"{at_start.path}/steps", {"target": "meeting"}).status_code == 422
    go("admissible")
    go("triage")
    refused = lead.post(f"{at_start.path}/steps", {"target": "decided"})
    assert "a weighing note over the case" in refused.text
    lead.do(
        f"{at_start.path}/identity",
        {"first_name": "Sem", "surname": "Bruin", "born_on": "2010-05-01"},
    )
    assert lead.post(f"{at_start.path}/identity", {"first_name": "Sem"}).status_code == 422
    at_start.scene.note(at_start.case_id, "GPR", "CASE", "GPR", approver="Second")
    go("decided")
    go("informing")
    assert lead.post(f"{at_start.path}/steps", {"target": "meeting"}).status_code == 422
    lead.do(f"{at_start.path}/informed", {"informed_on": "2026-11-02"})
    go("meeting")
    assert lead.post(f"{at_start.path}/steps", {"target": "plan_draft"}).status_code == 422
    lead.do(
        f"{at_start.path}/participants",
        {
            "person": at_start.scene.who("GCR").membership_id.hex(),
            "task": "case_management",
            "until_on": "2027-05-01",
        },
    )
    go("plan_draft")
    assert CaseState.IN_PROGRESS not in at_start.possible()
    at_start.scene.plan(at_start.case_id)
    at_start.visitor("GCR").do(f"{at_start.path}/steps", {"target": "in_progress"})
    assert at_start.state == CaseState.IN_PROGRESS
    assert lead.post(f"{at_start.path}/steps", {"target": "suspended"}).status_code == 422
    go("suspended", reason="abroad")
    assert lead.post(f"{at_start.path}/steps", {"target": "elsewhere"}).status_code == 422


def test_informing_is_recorded_or_put_off_with_the_officer(at_start: Table) -> None:
    lead = at_start.visitor("GPR")
    assert "no, day 0 of 30" in lead.read(at_start.path)
    officer = at_start.scene.who("GPR", "Officer").person_id.hex()
    delay = {"reason": "safety", "until": "2026-11-20", "approved_by": officer}
    for wrong in ({"until": "2027-05-01"}, {"approved_by": "0" * 32}, {"reason": "lazy"}):
        assert lead.post(f"{at_start.path}/delay", {**delay, **wrong}).status_code == 422
    lead.do(f"{at_start.path}/delay", delay)
    assert "no, delayed until" in lead.read(at_start.path)
    for wrong_day in ("2026-11-30", "2026-10-01", "once"):
        answer = lead.post(f"{at_start.path}/informed", {"informed_on": wrong_day})
        assert answer.status_code == 422
    assert "Inform the young person" in lead.read("/")
    lead.do(f"{at_start.path}/informed", {"informed_on": "2026-11-02"})
    assert "Inform the young person" not in lead.read("/")


def test_a_review_and_a_restriction_are_for_the_leads(table: Table) -> None:
    lead = table.visitor("GPR")
    lead.do(f"{table.path}/review")
    assert table.visitor("SCH").post(f"{table.path}/review").status_code == 403
    lead.do(f"{table.path}/restriction", {"restricted": "yes"})
    assert "This case is restricted" in table.visitor("SCH").read(table.path)
    lead.do(f"{table.path}/restriction", {"restricted": "no"})
    assert table.visitor("GCR").post(f"{table.path}/restriction").status_code == 403


def test_participants_are_named_ended_and_replaced(table: Table) -> None:
    lead = table.visitor("GPR")
    housing = table.scene.who("WOC").membership_id.hex()
    new = {"person": housing, "task": "contribution", "until_on": "2027-02-01"}
    assert "First POL" in lead.read(f"{table.path}/participants")
    lead.do(f"{table.path}/participants", new)
    assert table.visitor("WOC").get(table.path).status_code == 200
    for wrong in (
        {},
        {"until_on": "2031-01-01"},
        {"person": "0" * 32},
        {"task": "boss"},
        {"person": table.scene.who("GPR", "Officer").membership_id.hex(), "until_on": ""},
    ):
        assert lead.post(f"{table.path}/participants", {**new, **wrong}).status_code == 422
    assert table.visitor("SCH").post(f"{table.path}/participants", new).status_code == 403
    members = {
        p.partner: p.id.hex() for p in table.scene.desk("GPR", table.case_id).facts.participants
    }
    colleague = table.scene.who("LPR", "Colleague").membership_id.hex()
    place = f"{table.path}/participants/{members['LPR']}"
    stand_in = {"person": colleague, "until_on": "2026-12-01"}
    owner = table.visitor("LPR")
    for bad in (
        {"until_on": "2031-01-01"},
        {"person": "0" * 32},
        {"person": housing},
        {"until_on": ""},
    ):
        assert owner.post(f"{place}/stand-in", {**stand_in, **bad}).status_code == 422
    own = table.scene.who("LPR").membership_id.hex()
    assert owner.post(f"{place}/stand-in", {**stand_in, "person": own}).status_code == 422
    owner.do(f"{place}/stand-in", stand_in)
    assert "absent on Mondays" in table.visitor("LPR", "Colleague").read(table.path)
    assert "replaced by" in lead.read(f"{table.path}/participants")
    replacement = table.scene.desk("LPR", table.case_id).facts.replacements[0].id.hex()
    owner.do(f"{table.path}/replacements/{replacement}/end")
    assert table.visitor("LPR", "Colleague").get(table.path).status_code == 404
    assert owner.post(f"{table.path}/replacements/{'0' * 32}/end").status_code == 404
    assert owner.post(f"{table.path}/participants/{'0' * 32}/end").status_code == 404
    assert table.visitor("SCH").post(f"{place}/end").status_code == 403
    lead.do(f"{place}/end")
    assert owner.get(table.path).status_code == 404


def test_who_ends_the_own_task_reads_what_it_does_and_goes_on_to_the_other_cases(
    table: Table,
) -> None:
    owner = table.visitor("LPR")
    page = owner.read(f"{table.path}/participants")
    assert "You close this case to yourself at once." in page
    (address,) = set(re.findall(rf'action="({table.path}/participants/[0-9a-f]+/end)"', page))
    assert owner.do(address).location.endswith("/cases")
    assert "The task is ended." in owner.read("/cases")


def test_a_replacement_that_is_not_right_comes_back_at_its_participant(table: Table) -> None:
    owner = table.visitor("LPR")
    page = owner.read(f"{table.path}/participants")
    (address,) = set(re.findall(rf'action="({table.path}/participants/[0-9a-f]+/stand-in)"', page))
    colleague = table.scene.who("LPR", "Colleague").membership_id.hex()
    page = owner.post(address, {"person": colleague, "until_on": "2031-01-01"}).text
    assert '<details class="more" open>' in page
    assert f'<option value="{colleague}" selected>' in page
    assert 'value="2031-01-01"' in page


def test_losing_the_role_ends_the_access_at_the_next_request(table: Table) -> None:
    visitor = table.visitor("LPR")
    assert visitor.get(table.path).status_code == 200
    end_membership(INSTALLATION, table.scene.who("LPR").membership_id)
    assert visitor.get(table.path).status_code == 404


def test_after_the_agreement_ended_only_own_items_and_the_way_to_closed_are_left(
    table: Table,
) -> None:
    facts = table.scene.desk("GPR", table.case_id).facts
    agreement = agreements.agreements_by_id([facts.agreement.id])[facts.agreement.id]
    agreement_service.end(agreement, AgreementState.TERMINATED, HOUSE)
    owner = table.visitor("LPR")
    page = owner.read(table.path)
    assert "no longer in force" in page
    assert "absent on Mondays" in page
    assert "absent on Mondays" not in table.visitor("GCR").read(table.path)
    assert owner.post(f"{table.path}/ask", {"category": "D07"}).status_code == 403
    assert table.possible() == [CaseState.CLOSED]
    assert table.visitor("GPR").post(f"{table.path}/review").status_code == 403
    lead = table.visitor("GPR")
    lead.do(f"{table.path}/steps", {"target": "closed", "reason": "agreement_ended"})
    with pytest.raises(StepNotAllowedError):
        steps.take(table.scene.desk("GPR", table.case_id), CaseState.MEETING)
    assert "There is no agreement in force for you" in owner.read("/cases/new")


def test_waiting_tasks_lead_to_the_page_where_they_are_done(table: Table) -> None:
    table.scene.release(table.case_id, "GGZ", ["D07"], "GPR", confirmed=False)
    care = table.visitor("GGZ")
    page = care.read("/")
    assert "Confirm or decline a release" in page
    task = page.split(f'href="{table.path}/tasks/')[1].split('"')[0]
    assert "/releases/" in care.get(f"{table.path}/tasks/{task}").location
    table.visitor("SCH").do(f"{table.path}/ask", {"category": "D07"})
    manager = table.visitor("GCR")
    question = manager.read("/").split(f'href="{table.path}/tasks/')[1].split('"')[0]
    assert "First SCH" in manager.read(f"{table.path}/tasks/{question}")


def test_a_question_of_a_secret_participant_names_nobody(table: Table) -> None:
    table.visitor("GGZ").do(f"{table.path}/ask", {"category": "D04"})
    manager = table.visitor("GCR")
    question = manager.read("/").split(f'href="{table.path}/tasks/')[1].split('"')[0]
    assert "GGZ" not in manager.read(f"{table.path}/tasks/{question}")


def test_informing_waits_with_a_way_to_the_steps(at_start: Table) -> None:
    lead = at_start.visitor("GPR")
    task = lead.read("/").split(f'href="{at_start.path}/tasks/')[1].split('"')[0]
    assert lead.get(f"{at_start.path}/tasks/{task}").location.endswith("/steps")


def test_the_number_of_a_citizen_is_filed_only_when_it_is_one(table: Table) -> None:
    lead = table.visitor("GPR")
    who = {"first_name": "Sem", "surname": "Bruin", "born_on": "2010-05-01"}
    for wrong in ("123456789", ""):
        assert lead.post(f"{table.path}/bsn", {"bsn": wrong}).status_code == 422
    lead.do(f"{table.path}/bsn", {"bsn": "111222333"})
    lead.do(f"{table.path}/identity", who)
    assert f'action="{table.path}/bsn"' not in lead.read(f"{table.path}/steps")
    assert "Citizen service number" in lead.read(table.path)
    assert "Sem" in table.visitor("GCR").read(table.path)


def test_police_get_a_line_for_their_register_after_providing(table: Table) -> None:
    table.scene.decide(table.case_id, "POL", ["D05"], "GPR")
    item = table.scene.bring("POL", table.case_id, "D05", "summary")
    page = table.visitor("POL").read(f"{table.path}/items/{item.hex()}")
    assert "Police Data Act 19 (incidental), 2026-1; Police records" in page
    assert "Police Data Act" not in table.visitor("LPR").read(table.item("LPR", "contribution"))


def test_the_identity_names_its_readers_before_it_is_saved(table: Table) -> None:
    lead, school = table.visitor("GPR"), table.scene.who("SCH").person_id.hex()
    identity = lead.read(f"{table.path}/steps").split(f'action="{table.path}/identity"')[1]
    assert "These can read this" in identity.split("</form>", maxsplit=1)[0]
    who = {"first_name": "Sem", "surname": "Bruin", "born_on": "2010-05-01", "recipients": school}
    shown = lead.post(f"{table.path}/identity", {**who, "preview": "yes"})
    assert shown.status_code == 200
    assert "Bruin" in shown.text
    assert "First SCH" in shown.text.split("These can read this")[1].split("</div>")[0]
    lead.do(f"{table.path}/identity", who)
    assert "Sem" in table.visitor("SCH").read(table.path)


def test_the_citizen_number_is_read_by_nobody_but_whom_it_names(table: Table) -> None:
    lead, manager = table.visitor("GPR"), table.scene.who("GCR").person_id.hex()
    number = {"bsn": "111222333"}
    form = lead.read(f"{table.path}/steps").split(f'action="{table.path}/bsn"')[1]
    assert "Only your own organisation can read this" in form.split("</form>", maxsplit=1)[0]
    assert "First SCH" not in form.split("</form>", maxsplit=1)[0]
    shown = lead.post(f"{table.path}/bsn", {**number, "recipients": manager, "preview": "yes"})
    assert "111222333" in shown.text
    assert "First GCR" in shown.text.split(f'action="{table.path}/bsn"')[1].split("readers")[1]
    lead.do(f"{table.path}/bsn", {**number, "recipients": manager})
    assert "Citizen service number" in table.visitor("GCR").read(f"{table.path}?part=D02")


def test_a_number_that_was_stopped_meanwhile_says_why(table: Table) -> None:
    lead = table.visitor("GPR")
    lead.do(f"{table.path}/restriction", {"restricted": "yes"})
    answer = lead.post(f"{table.path}/bsn", {"bsn": "111222333"})
    assert answer.status_code == 422
    assert "restricted" in answer.text


@pytest.mark.parametrize("page", ["actions/new", "goals/new"])
def test_every_form_of_the_plan_says_who_will_read_it(table: Table, page: str) -> None:
    assert "These can read this" in table.visitor("GCR").read(f"{table.path}/{page}")
