"""Reading pages of the case file."""

import re
from datetime import timedelta
from html import unescape

from config.clock import FrozenClock
from tests.dossier.conftest import Table
from tests.factories.browserless import TOKEN


def test_the_case_page_shows_open_items_closed_parts_and_known_participants(table: Table) -> None:
    page = table.visitor("GCR").read(table.path)
    assert "absent on Mondays" in page
    assert "closed" in page
    assert "First LPR" in page
    assert "First GGZ" not in page


def test_police_read_not_for_investigation_and_the_case_manager_does_not(table: Table) -> None:
    table.scene.note(table.case_id, "LPR", "D14", "POL", "GPR")
    table.scene.bring("LPR", table.case_id, "D14", "outlook")
    assert "Not for investigation" in table.visitor("POL").read(table.path)
    assert "Not for investigation" not in table.visitor("GCR").read(table.path)


def test_the_timeline_narrows_to_a_part_or_a_kind_and_pages(table: Table) -> None:
    for number in range(27):
        table.scene.bring("LPR", table.case_id, "D04", f"note {number}")
    visitor = table.visitor("GCR")
    assert "Page 1 of 2" in visitor.read(f"{table.path}?part=D04")
    assert "Page 2 of 2" in visitor.read(f"{table.path}?part=D04&page=2")
    assert "note 1" not in visitor.read(f"{table.path}?show=interventions")
    assert "note 1" in visitor.read(f"{table.path}?show=contributions")
    assert "What happened" in visitor.read(f"{table.path}?part=D99&show=nothing")


def test_a_closed_and_an_unknown_item_get_the_same_answer(table: Table) -> None:
    police = table.visitor("POL")
    address = table.item("LPR", "contribution")
    closed = police.get(address)
    unknown = police.get(f"{table.path}/items/{'0' * 32}")
    assert closed.status_code == unknown.status_code == 403
    same = closed.text.replace(address[-32:], "0" * 32)
    assert TOKEN.sub("", same) == TOKEN.sub("", unknown.text)


def test_an_item_page_tells_owner_basis_and_why(table: Table) -> None:
    page = table.visitor("GCR").read(table.item("LPR", "contribution"))
    assert "absent on Mondays" in page
    assert "Basis for you as reader: " in page
    assert "Legal basis of the provider" in page
    assert "Clause" in page
    assert "legally to be checked" in page


def test_my_work_is_calm_when_nothing_waits(table: Table) -> None:
    assert "Nothing that waits for you" in table.visitor("WOC").read("/")
    assert "You take part in no case" in table.visitor("WOC").read("/cases")


def test_my_work_shows_own_actions_news_and_what_ends(table: Table) -> None:
    page = table.visitor("GCR").read("/")
    assert "Call the mentor" in page
    assert "New since your last visit" in page
    table.visitor("GCR").read(table.path)
    assert "New since your last visit" not in table.visitor("GCR").read("/")


def test_what_is_new_since_the_last_visit_is_marked_and_can_be_shown_alone(
    table: Table, clock: FrozenClock
) -> None:
    manager = table.visitor("GCR")
    before = manager.read(table.path)
    assert "badge--good" not in before
    assert "show=new" not in before
    clock.advance(timedelta(minutes=5))
    table.scene.bring("LPR", table.case_id, "D04", "back at school")
    table.scene.bring("GCR", table.case_id, "D14", "own words are no news")
    (link,) = set(re.findall(rf'href="({table.path}\?since=[^"]+)"', manager.read("/")))
    page = manager.read(link)
    (marked,) = [one for one in page.split('<li class="event"')[1:] if "badge--good" in one]
    assert "back at school" in marked
    (only,) = set(re.findall(rf'href="({table.path}\?show=new[^"]+)"', page))
    alone = manager.read(unescape(only))
    assert "back at school" in alone
    assert "absent on Mondays" not in alone
    for no_instant in ("soon", "2026-01-01"):
        assert "badge--good" not in manager.read(f"{table.path}?since={no_instant}")


def test_search_finds_own_cases_by_number_and_name_and_never_others(table: Table) -> None:
    lead, outsider = table.visitor("GPR"), table.visitor("WOC")
    number = table.scene.desk("GPR", table.case_id).facts.case.number
    assert lead.do("/search", {"q": number}).location.endswith(table.path)
    assert "Nothing found" in outsider.post("/search", {"q": number}).text
    who = {"surname": "Bruin", "first_name": "Sem", "born_on": "2010-05-01"}
    submitter = table.visitor("LPR")
    assert number in submitter.post("/search", who).text
    assert number not in outsider.post("/search", who).text
    assert "Nothing found" in submitter.post("/search", {**who, "born_on": "2009-05-01"}).text


def test_search_says_what_is_missing(table: Table) -> None:
    visitor = table.visitor("GPR")
    assert "Find a case" in visitor.read("/search")
    assert visitor.post("/search", {"surname": "Bruin"}).status_code == 422
    assert visitor.post("/search", {"born_on": "never"}).status_code == 422
    assert visitor.post("/search", {"bsn": "123456789"}).status_code == 422


def test_a_question_about_a_closed_part_waits_for_the_case_manager(table: Table) -> None:
    table.visitor("SCH").do(f"{table.path}/ask", {"category": "D07"})
    manager = table.visitor("GCR")
    assert "Question about a closed part" in manager.read("/")
    assert "Question about a closed part" not in table.visitor("LPR").read("/")


def test_a_case_reads_from_the_person_to_what_is_next_what_happened_and_then_the_rest(
    table: Table,
) -> None:
    page = table.visitor("SCH").read(table.path)
    order = (
        "<h1",
        "Agreed with",
        'id="what"',
        'id="parts"',
        "section--closed",
        "Participants you may",
    )
    places = [page.index(mark, page.index("<h1")) for mark in order]
    assert places == sorted(places)


def test_a_case_that_ended_offers_only_what_is_still_possible(table: Table) -> None:
    lead = table.visitor("GPR")
    lead.do(f"{table.path}/steps", {"target": "scaled_down", "reason": "goals_reached"})
    lead.do(f"{table.path}/steps", {"target": "closed", "reason": "goals_reached"})
    for partner in ("GPR", "LPR"):
        page = table.visitor(partner).read(table.path)
        assert f'href="{table.path}/consent"' in page
        assert f'href="{table.path}/contribute"' not in page
        assert f'action="{table.path}/ask"' not in page
    assert f'href="{table.path}/steps"' in lead.read(table.path)
