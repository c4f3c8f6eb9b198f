"""Who opened what of whom: counted from the entries, within the bench, with the entries behind."""

import re
from datetime import timedelta
from html import unescape

import pytest

from audit.entries import Action, Kind
from config import clock
from pga.sharing.service.disclose import disclose_one
from tests.oversight.conftest import NAME, SECRET, Desk, counting, wait
from tests.oversight.test_who_saw import rows_of

BETWEEN = "Between organisations</caption>"


def rows(desk: Desk, partner: str = "GPR") -> list[str]:
    """Give the rows of the table, without the words of their links."""
    page = desk.visitor(partner, "Officer").read("/oversight/disclosures")
    found = rows_of(page.split('id="disclosures-title"', 1)[0], BETWEEN)
    return [row.split("Show entries")[0] for row in found]


def row_of(desk: Desk, giver: str, taker: str) -> str:
    """Give what the table says after the names of giver and taker; empty without such a row."""
    names = f"{desk.organisation(giver)} {desk.organisation(taker)}"
    return next((row.strip().removeprefix(names) for row in rows(desk) if names in row), "")


def test_what_one_organisation_opened_of_another_is_counted(desk_on: Desk) -> None:
    assert row_of(desk_on, "LPR", "GCR").startswith(" 1 1 ")
    wait(minutes=1)
    disclose_one(desk_on.scene.who("GCR").viewer, desk_on.made.case_id)
    assert row_of(desk_on, "LPR", "GCR").startswith(" 2 1 ")


def test_reading_what_the_own_organisation_brought_is_no_disclosure(desk: Desk) -> None:
    wait(minutes=1)
    disclose_one(desk.scene.who("LPR").viewer, desk.made.case_id)
    assert row_of(desk, "LPR", "GCR")
    assert not row_of(desk, "LPR", "LPR")


def test_listings_and_refusals_are_no_disclosure(desk: Desk) -> None:
    assert not any(desk.organisation("WOC") in row for row in rows(desk))


def test_the_link_of_a_row_leads_to_exactly_its_entries(desk: Desk) -> None:
    giver = desk.scene.organisation("LPR").hex()
    taker = desk.scene.organisation("GCR").hex()
    page = desk.officer.read("/oversight/disclosures")
    assert f"giver={giver}&amp;taker={taker}" in page
    page = desk.officer.read(f"/oversight/disclosures?giver={giver}&taker={taker}")
    caption = f"What {desk.organisation('GCR')} opened of {desk.organisation('LPR')}"
    (row,) = rows_of(page.split(BETWEEN, 1)[0], caption)
    assert desk.name("GCR") in row
    assert "Education" in row
    for secret in (SECRET, NAME, desk.name("LPR")):
        assert secret not in page


def test_a_partners_officer_sees_what_its_own_people_opened(desk: Desk) -> None:
    mine = rows(desk, "POL")
    assert mine
    for row in mine:
        assert desk.organisation("POL") in row
    assert rows(desk, "WOC") == []


def test_other_days_are_asked_for_and_the_look_is_entered_with_them(desk: Desk) -> None:
    before = clock.today() - timedelta(days=9)
    page = desk.officer.read(f"/oversight/disclosures?until={before}&reason=incident")
    assert "In these days no organisation opened what another one brought." in page
    (look, *_) = desk.entries(actions=[Action.LOG_VIEW])
    assert (look.kind, look.reason) == (Kind.LISTED, "incident")
    assert look.facts == {"until": before.isoformat()}
    assert desk.officer.get("/oversight/disclosures?since=soon").status_code == 422


def test_more_than_a_page_can_count_is_refused_with_the_months_to_choose_from(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pga.oversight.service.disclosures.MOST_ROWS", 1)
    answer = desk.officer.get("/oversight/disclosures?since=2026-09-20&reason=incident")
    assert answer.status_code == 422
    assert "Choose fewer days, or one of the months below." in answer.text
    assert 'value="2026-09-20"' in answer.text
    links = re.findall(r'href="(/oversight/disclosures[^"]*since=[^"]*)"', answer.text)
    days = [re.findall(r"(?:since|until)=([0-9-]+)", link) for link in links]
    assert [sorted(pair) for pair in days] == [
        ["2026-11-01", clock.today().isoformat()],
        ["2026-10-01", "2026-10-31"],
        ["2026-09-20", "2026-09-30"],
    ]
    assert all("reason=incident" in link for link in links)
    monkeypatch.undo()
    desk.officer.read(unescape(links[0]))


def test_many_disclosures_cost_as_many_queries_as_few(desk: Desk) -> None:
    desk.officer.read("/oversight/disclosures")
    wait(minutes=1)
    with counting() as few:
        desk.officer.read("/oversight/disclosures")
    for _ in range(4):
        wait(minutes=1)
        disclose_one(desk.scene.who("GCR").viewer, desk.made.case_id)
    with counting() as many:
        desk.officer.read("/oversight/disclosures")
    assert len(many) == len(few)
