"""Who saw this youth: every access, allowed and refused, with rule and clause; never content."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from audit import gate, queries
from audit.entries import Action, Kind, new_event_id
from audit.models import audit_index
from config import clock
from config.database import db, stores, transaction
from pga.cases.models import Case
from pga.sharing.service.disclose import disclose
from tests.audit.tamper import Owner
from tests.oversight.conftest import LIST, NAME, SECRET, Desk, counting, wait


def rows_of(page: str, caption: str) -> list[str]:
    """Give the rows of the table under a caption, as plain text."""
    table = page.rsplit(caption, maxsplit=1)[-1].split("</table>", maxsplit=1)[0]
    rows = re.findall(r'<tr class="utrecht-table__row".*?</tr>', table, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]


OPENED = "Opened, written or refused"
PASSING = "Seen in passing, per day"


def test_the_officer_sees_each_access_with_rule_clause_and_explanation(desk_on: Desk) -> None:
    page = desk_on.officer.read(desk_on.path)
    rows = rows_of(page, OPENED)
    outsider, police, manager = rows[:3]
    assert "refused" in outsider
    assert "Not named in this case" in outsider
    assert desk_on.organisation("WOC") in outsider
    assert "partly allowed" in police
    assert "Clauses jeugd.GCR.plan" in police
    assert "A condition of the agreement was not met" in police
    assert "The agreement asks: named as reader or action owner." in police
    assert "closed: " in police
    assert "Education" in police
    assert "Clause jeugd.LPR.onderwijs allows reading this" in manager
    assert "explained by an open action" in manager
    assert "nothing explains it" in police


def test_own_staff_is_named_and_partners_staff_only_by_organisation_and_function(
    desk: Desk,
) -> None:
    page = desk.officer.read(desk.path)
    assert desk.name("GCR") in page
    assert desk.organisation("POL") in page
    assert "Professional, Police" in page
    for partner in ("POL", "LPR", "WOC"):
        assert desk.name(partner) not in page


def test_the_officer_never_sees_content_or_the_name_of_the_youth(desk: Desk) -> None:
    paths = [desk.path, f"{desk.path}?show=listed", "/oversight", "/oversight/refusals?parts=true"]
    paths += [f"/oversight/people/{desk.scene.who(one).person_id.hex()}" for one in ("GPR", "LPR")]
    for path in paths:
        page = desk.officer.read(path)
        assert SECRET not in page
        assert "Bruin" not in page
        assert NAME not in page


def test_an_officer_without_a_seat_gets_no_case_page(desk: Desk) -> None:
    assert desk.officer.get(f"/cases/{desk.made.case_id.hex()}").status_code == 404


def test_what_was_opened_comes_first_and_listings_fold_per_day_with_a_count(desk: Desk) -> None:
    page = desk.officer.read(desk.path)
    assert page.index(OPENED) < page.index(PASSING)
    police = [row for row in rows_of(page, PASSING) if desk.organisation("POL") in row]
    assert len(police) == 1
    assert "Seen in a list 3 times" in police[0]
    assert "Seen in a list" not in " ".join(rows_of(page, OPENED))


def test_listings_of_two_days_stand_apart_and_continue_on_the_next_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = desk.scene.who("POL").viewer
    wait(days=1)
    for _ in range(2):
        wait(minutes=1)
        disclose(viewer, [desk.made.case_id], LIST)
    monkeypatch.setattr("audit.queries.LARGEST_PAGE", 5)
    page = desk.officer.read(f"{desk.path}?show=listed")
    counts = re.findall(r"Seen in a list (\d) times", " ".join(rows_of(page, PASSING)))
    assert counts == ["2"]
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    page = desk.officer.read(older.group(1).replace("&amp;", "&"))
    counts = re.findall(r"Seen in a list (\d) times", " ".join(rows_of(page, PASSING)))
    assert counts == ["3"]


def test_the_first_page_shows_the_newest_folds_and_where_the_rest_is(desk: Desk) -> None:
    viewer = desk.scene.who("POL").viewer
    for _ in range(11):
        wait(days=1)
        disclose(viewer, [desk.made.case_id], LIST)
    page = desk.officer.read(desk.path)
    assert len(rows_of(page, PASSING)) == 10
    assert "Everything seen in passing" in page
    assert len(rows_of(desk.officer.read(f"{desk.path}?show=listed"), PASSING)) > 10


@pytest.mark.parametrize(
    ("show", "there", "not_there"),
    [
        ("opened", "Opened", "Contributed"),
        ("refused", "Not named in this case", "Contributed"),
        ("written", "Contributed", "Not named in this case"),
        ("listed", "Seen in a list 3 times", "Contributed"),
        ("oversight", "Looked into the log", "Contributed"),
    ],
)
def test_a_table_narrows_to_a_kind_of_access(
    desk: Desk, show: str, there: str, not_there: str
) -> None:
    page = desk.officer.read(f"{desk.path}?show={show}")
    assert there in page
    assert not_there not in page


def test_a_table_narrows_to_days_and_an_organisation(desk: Desk) -> None:
    today = clock.today()
    tomorrow = today + timedelta(days=1)
    assert "Contributed" in desk.officer.read(f"{desk.path}?since={today}&until={today}")
    page = desk.officer.read(f"{desk.path}?since={tomorrow}")
    assert "Nobody did this in the days you chose" in page
    police = desk.scene.organisation("POL").hex()
    rows = rows_of(desk.officer.read(f"{desk.path}?organisation={police}"), OPENED)
    assert rows
    assert all(desk.organisation("POL") in row for row in rows)


def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing(desk: Desk) -> None:
    answer = desk.officer.get(f"{desk.path}?since=yesterday")
    assert answer.status_code == 422
    assert "Fill in a date" in answer.text
    assert "Contributed" in answer.text


def test_a_long_table_continues_from_a_row(desk: Desk) -> None:
    happened(desk, 60)
    page = desk.officer.read(desk.path)
    assert len(rows_of(page, OPENED)) == 25
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    page = desk.officer.read(older.group(1).replace("&amp;", "&"))
    assert desk.organisation("WOC") in page
    assert "Newest" in page
    assert PASSING not in page


def test_other_cases_of_the_same_youth_are_counted_with_it(desk: Desk) -> None:
    subject = db.session.get_one(Case, desk.made.case_id).subject_id
    with transaction():
        db.session.get_one(Case, desk.made.other_id).subject_id = subject
    page = desk.officer.read(desk.path)
    assert "Also counted, because they are about the same young person" in page
    assert desk.number(desk.made.other_id) in page
    assert desk.organisation("SCH") in page


def test_every_look_is_entered_with_its_reason_before_a_row_is_read(desk: Desk) -> None:
    page = desk.officer.read(f"{desk.path}?reason=complaint")
    own = next(row for row in rows_of(page, PASSING) if "Looked into the log" in row)
    assert "Complaint" in own
    (look,) = desk.entries(actions=[Action.LOG_VIEW])
    assert (look.kind, look.reason) == (Kind.LISTED, "complaint")
    assert look.case_id == desk.made.case_id.hex()
    assert look.actor.role == "privacy_officer"
    assert [line.rule for line in look.lines] == ["OVERSIGHT"]


def test_nothing_is_shown_when_the_look_cannot_be_entered(desk: Desk) -> None:
    Owner(stores().audit)
    with stores().audit.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_payload RENAME TO hidden")
    answer = desk.officer.get(desk.path)
    assert answer.status_code == 503
    assert desk.organisation("POL") not in answer.text


def test_the_number_of_queries_does_not_grow_with_the_log(desk: Desk) -> None:
    path = f"/oversight/people/{desk.scene.who('GCR').person_id.hex()}"
    pages = (desk.path, f"{desk.path}?show=listed", path, "/oversight/refusals?parts=true")
    happened(desk, 10)
    few = [measured(desk, page) for page in pages]
    happened(desk, 300)
    assert [measured(desk, page) for page in pages] == few


def happened(desk: Desk, times: int) -> None:
    """Let the case manager and the police look at the case again so many times."""
    known = [
        entry
        for partner in ("GCR", "POL")
        for entry in desk.entries(
            actor=desk.scene.who(partner).person_id.hex(), actions=[Action.CONSULT]
        )
    ]
    kinds = (Kind.OPENED, Kind.LISTED)
    gate.record_many(
        [
            replace(known[n % len(known)], kind=kinds[n % 2], event_id=new_event_id())
            for n in range(times)
        ]
    )


def measured(desk: Desk, path: str) -> int:
    """Count the statements of a page that was open before, so that keys are at hand."""
    desk.officer.read(path)
    with counting() as asked:
        desk.officer.read(path)
    return len(asked)


def test_a_doctored_index_row_shows_with_what_the_log_itself_says(desk: Desk) -> None:
    seq = newest(desk)
    Owner(stores().audit).run(
        update(audit_index).where(audit_index.c.seq == seq).values(role="dpo")
    )
    page = desk.officer.read(desk.path)
    doctored = [row for row in rows_of(page, OPENED) if "does not match the log" in row]
    assert len(doctored) == 1
    assert "Shown is what the log itself says" in doctored[0]
    assert "Case manager of the municipality" in doctored[0]


def test_a_doctored_entry_shows_and_is_not_believed(desk: Desk) -> None:
    Owner(stores().audit).edit_leaf(newest(desk), b'"d":"mixed"', b'"d":"deny"')
    page = desk.officer.read(desk.path)
    doctored = [row for row in rows_of(page, OPENED) if "does not match the log" in row]
    assert len(doctored) == 1
    assert "cannot be believed" in doctored[0]


def newest(desk: Desk) -> int:
    """Give the number of the newest look of the case manager."""
    person = desk.scene.who("GCR").person_id.hex()
    found = queries.accesses(actor=person, actions=[Action.CONSULT], kinds=[Kind.OPENED])
    return found[0].seq


def test_a_doctored_listing_stands_apart_from_its_fold(desk: Desk) -> None:
    person = desk.scene.who("POL").person_id.hex()
    listed = queries.accesses(actor=person, kinds=[Kind.LISTED])
    Owner(stores().audit).run(
        update(audit_index).where(audit_index.c.seq == listed[1].seq).values(role="dpo")
    )
    rows = rows_of(desk.officer.read(desk.path), PASSING)
    police = [row for row in rows if desk.organisation("POL") in row]
    assert ["does not match the log" in row for row in police] == [False, True]
    assert "2 times" in police[0]
