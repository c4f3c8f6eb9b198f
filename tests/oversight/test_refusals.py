"""What was refused: counted by reason, in plain words, with what the agreement asks."""

import re
from dataclasses import replace

from audit import gate
from audit.entries import Entry, Kind, Line, new_event_id
from tests.oversight.conftest import Desk, wait
from tests.oversight.test_who_saw import rows_of

BY_ONE = "Refusals</caption>"
BY_DAY = "Refused in a list or search result, per day"
RAW = re.compile(r"[A-Z]{2,3}(?:&gt;|>)[A-Z]{2,3}|R-\d\d|condition_unmet|no_rule")


def refused_in_lists(desk: Desk, *cases: bytes) -> None:
    """Let the police be refused all of these cases, each in a list of its own."""
    person = desk.scene.who("POL").person_id.hex()
    seen = desk.entries(actor=person, kinds=[Kind.LISTED])[0]
    for case_id in cases:
        wait(minutes=1)
        gate.record(_refused(seen, case_id))


def _refused(seen: Entry, case_id: bytes) -> Entry:
    """Turn a listing into one of which every line was refused."""
    line = Line("GCR", "D15", "denied", "GCR>POL:D15:consult", "condition_unmet", (), "")
    about = replace(seen, case_id=case_id.hex(), object=case_id.hex())
    return replace(about, lines=(line,), outcome=None, event_id=new_event_id())


def test_refusals_are_counted_by_rule_with_their_reason(desk_on: Desk) -> None:
    page = desk_on.officer.read("/oversight/refusals")
    counts = rows_of(page, "By reason")
    assert [re.sub(r" +", " ", row).strip() for row in counts] == [
        "Not named in this case, so nothing of it may be known. 1"
    ]
    (row,) = rows_of(page, BY_ONE)
    assert desk_on.organisation("WOC") in row
    assert desk_on.number() in row


def test_reasons_stand_in_plain_words_with_clause_and_what_is_asked(desk: Desk) -> None:
    page = desk.officer.read("/oversight/refusals?parts=true")
    about = "Plan and interventions, from Case manager of the municipality to Police"
    row = next(row for row in rows_of(page, "By reason") if about in row)
    assert "A condition of the agreement was not met." in row
    assert "The agreement asks: named as reader or action owner." in row
    assert "jeugd.GCR.plan" in row
    shown = re.sub(r"<[^>]+>", " ", page)
    assert RAW.search(shown) is None


def test_refusals_narrow_to_one_reason_by_a_link_and_by_a_list(desk: Desk) -> None:
    page = desk.officer.read("/oversight/refusals?parts=true")
    address = re.search(r'href="([^"]*rule=GCR[^"]*D15[^"]*)"', page)
    assert address is not None
    assert '<option value="GCR&gt;POL:D15:consult"' in page
    narrowed = desk.officer.read(address.group(1).replace("&amp;", "&"))
    rows = rows_of(narrowed, BY_ONE)
    assert rows
    for row in rows:
        assert "Plan and interventions" in row
        assert "The agreement asks: named as reader or action owner." in row
        assert "Education" not in row
    assert "Only: Plan and interventions, from Case manager" in narrowed
    assert "Show refusals for every reason" in narrowed
    everything = address.group(1).replace("&amp;", "&").replace("GCR%3EPOL:D15:consult", "")
    assert "Only: " not in desk.officer.read(everything)


def test_a_reason_by_which_nothing_was_refused_stays_chosen(desk: Desk) -> None:
    page = desk.officer.read("/oversight/refusals?rule=R-34")
    assert "Only: The review is overdue, so nothing can be added." in page
    assert "Nothing was refused" in page


def test_refusals_in_lists_fold_per_day_over_all_cases(desk: Desk) -> None:
    refused_in_lists(desk, desk.made.case_id, desk.made.other_id, desk.made.case_id)
    wait(days=1)
    refused_in_lists(desk, desk.made.case_id)
    page = desk.officer.read("/oversight/refusals")
    assert "Seen in a list" not in " ".join(rows_of(page, BY_ONE))
    later, earlier = rows_of(page, BY_DAY)
    assert "3 times" in earlier
    assert "2 cases" in earlier
    assert desk.number(desk.made.other_id) in earlier
    assert "The agreement asks: named as reader or action owner." in earlier
    assert "times" not in later
    assert desk.number() in later


def test_refusals_in_lists_can_be_read_alone(desk: Desk) -> None:
    refused_in_lists(desk, desk.made.case_id)
    page = desk.officer.read("/oversight/refusals?show=listed")
    assert rows_of(page, BY_DAY)
    assert BY_ONE not in page


def test_refusals_without_a_rule_narrow_too(desk: Desk) -> None:
    page = desk.officer.read("/oversight/refusals?rule=-")
    assert len(rows_of(page, BY_ONE)) == 1


def test_refusals_start_with_the_last_month_and_go_back_further_when_asked(desk: Desk) -> None:
    wait(days=40)
    assert "Nothing was refused" in desk.officer.read("/oversight/refusals")
    page = desk.officer.read("/oversight/refusals?since=2026-01-01")
    assert desk.organisation("WOC") in page
    assert "Nothing was refused" in desk.officer.read("/oversight/refusals?until=2026-01-01")
