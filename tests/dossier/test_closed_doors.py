"""What a page offers can be done, and a page that refuses says who can help and leads back."""

import re
from html import unescape

import pytest

from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import AgreementState
from tests.dossier.conftest import Table
from tests.factories.crawl import FORM
from tests.factories.scene import INSTALLATION

PARTNERS = ("SCH", "POL", "LPR", "GGZ", "GCR", "GPR")
PAGES = ("", "/steps", "/participants", "/consent", "/releases/withdraw")


def offered(table: Table, partner: str) -> list[str]:
    """List what the forms and buttons on the pages of the case post to, ends of tasks last."""
    pages = [table.visitor(partner).read(f"{table.path}{page}") for page in PAGES]
    found = {unescape(path) for page in pages for path in FORM.findall(page)}
    return sorted((path for path in found if path.startswith(table.path)), key=_ends_a_task)


def _ends_a_task(path: str) -> bool:
    return path.endswith("/end")


def refusals(table: Table, partner: str) -> list[str]:
    """Press every button, and list those that end in a refusal."""
    visitor = table.visitor(partner)
    refused = []
    for path in offered(table, partner):
        answer = visitor.post(path)
        if answer.status_code == 403:
            refused.append(path)
        if path.endswith("/end") and answer.status_code == 303:
            break  # one's own seat may be gone now
    return refused


@pytest.mark.parametrize("partner", PARTNERS)
def test_no_button_one_is_shown_ends_in_a_refusal(table: Table, partner: str) -> None:
    table.scene.release(table.case_id, "GGZ", ["D14"], "GI", confirmed=False)
    assert refusals(table, partner) == []


@pytest.mark.parametrize("partner", PARTNERS)
def test_nor_after_the_agreement_has_ended(table: Table, partner: str) -> None:
    table.scene.release(table.case_id, "GGZ", ["D14"], "GI", confirmed=False)
    ended(table)
    assert refusals(table, partner) == []


def ended(table: Table) -> None:
    """Let the agreement of the case end."""
    facts = table.scene.desk("GPR", table.case_id).facts
    agreement = agreements.agreements_by_id([facts.agreement.id])[facts.agreement.id]
    agreement_service.end(agreement, AgreementState.TERMINATED, INSTALLATION)


def test_the_steps_are_shown_to_everybody_and_offered_to_the_municipality(table: Table) -> None:
    page = table.visitor("SCH").read(f"{table.path}/steps")
    assert "Only the municipality takes steps" in page
    assert f'action="{table.path}' not in page
    assert f'action="{table.path}/review"' in table.visitor("GCR").read(f"{table.path}/steps")


def test_only_the_process_lead_is_asked_for_the_citizen_number(table: Table) -> None:
    field = 'name="bsn"'
    assert field in table.visitor("GPR").read(f"{table.path}/steps")
    assert field not in table.visitor("GCR").read(f"{table.path}/steps")


def test_an_identity_that_was_stopped_meanwhile_says_why_and_keeps_what_was_typed(
    table: Table,
) -> None:
    lead = table.visitor("GPR")
    lead.do(f"{table.path}/restriction", {"restricted": "yes"})
    who = {"first_name": "Sem", "surname": "Bruin", "born_on": "2010-05-01"}
    assert f"{table.path}/identity" not in lead.read(f"{table.path}/steps")
    answer = lead.post(f"{table.path}/identity", who)
    assert answer.status_code == 422
    assert "restricted" in answer.text


def test_who_is_refused_reads_who_can_help_and_goes_back_to_the_case(table: Table) -> None:
    visitor = table.visitor("SCH")
    pages = [visitor.get(f"{table.path}/items/{'0' * 32}"), visitor.post(f"{table.path}/review")]
    for page in pages:
        assert page.status_code == 403
        assert "The case manager can tell" in page.text
        assert "privacy officer of your organisation" in page.text
        assert re.search(rf'<a href="{table.path}">Back to the case</a>', page.text)
    elsewhere = visitor.get("/oversight")
    assert elsewhere.status_code == 403
    assert "Ask the administrator of your organisation" in elsewhere.text
    assert "Back to the case" not in elsewhere.text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("guardians/new", {"kind": "guardian", "name": "A", "source": "brp"}),
        ("help/new", {"way": "spoken", "valid_until": "2027-01-01"}),
        ("releases/new", {"way": "spoken", "valid_until": "2027-01-01", "youth": "agrees"}),
    ],
)
def test_a_form_left_open_when_the_agreement_ended_keeps_what_was_typed(
    table: Table, path: str, data: dict[str, str]
) -> None:
    provider = f"{table.scene.organisation('GGZ').hex()}/GGZ"
    readers = table.scene.organisation("GPR").hex()
    more = {
        "guardians/new": {"checked_on": "2026-11-02"},
        "help/new": {"provider": provider},
        "releases/new": {"provider": provider, "categories": "D14", "recipients": readers},
    }
    ended(table)
    answer = table.visitor("GCR").post(f"{table.path}/{path}", {**data, **more[path]})
    assert answer.status_code == 422
    assert "not in force" in answer.text
