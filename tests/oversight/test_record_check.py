"""The nightly check of all stored records notices what nobody opened, and officers see it."""

from importlib import import_module

import pytest
from sqlalchemy import select, text

from audit.entries import Action
from config.database import db, stores
from config.ids import new_id
from pga.oversight.models import RecordCheck
from pga.oversight.service import record_check, verification
from pga.records.service.checking import check_everything
from tests.oversight.conftest import Desk, wait


def tamper(statement: str, **values: object) -> None:
    """Write in the app store as its owner can."""
    with stores().app.begin() as connection:
        connection.execute(text(statement), values)


def change_a_column(desk: Desk) -> None:
    """Change a plain column of an item of the worked case, so that it would open for another."""
    tamper("UPDATE sealed_item SET purpose = 'ORDER' WHERE case_id = :c", c=desk.made.case_id)


def checks() -> list[RecordCheck]:
    """Read every check, the newest first."""
    return list(db.session.scalars(select(RecordCheck).order_by(RecordCheck.at.desc())))


def foot(page: str) -> str:
    """Give the foot of a page."""
    return page.split("<footer", maxsplit=1)[1]


def test_the_worker_checks_all_records_once_a_night(desk: Desk) -> None:
    record_check.check_nightly()
    (first,) = checks()
    assert (first.problems, first.first_problems) == (0, [])
    assert first.cases >= 2
    wait(hours=12)
    record_check.check_nightly()
    assert len(checks()) == 1
    wait(hours=12)
    record_check.check_nightly()
    assert len(checks()) == 2
    assert desk.entries(actions=[Action.LOG_VIEW]) == []


def test_what_somebody_came_upon_is_told_to_the_officers_before_the_night(desk: Desk) -> None:
    record_check.check_nightly()
    change_a_column(desk)
    wait(minutes=5)
    record_check.check_nightly()
    assert len(checks()) == 1
    page = desk.visitor("GCR").read(f"/cases/{desk.made.case_id.hex()}")
    assert "cannot be shown" in page
    wait(minutes=5)
    record_check.check_nightly()
    assert len(checks()) == 2
    assert "Stored records are not as they were written" in foot(desk.officer.read("/"))
    seen = desk.officer.read(f"{desk.path}?show=opened&reason=incident")
    assert "Shown but for an item that is not as it was written" in seen
    desk.visitor("GCR").read(f"/cases/{desk.made.case_id.hex()}")
    wait(minutes=5)
    record_check.check_nightly()
    assert len(checks()) == 2


def test_the_worker_has_the_check_among_its_jobs() -> None:
    assert record_check.check_nightly in [job.run for job in import_module("wsgi").JOBS]


def test_a_changed_column_nobody_opened_is_an_alarm_for_the_officer(desk_on: Desk) -> None:
    change_a_column(desk_on)
    record_check.check_nightly()
    (found,) = checks()
    assert found.first_problems == [f"item: {desk_on.made.case_id.hex()}"]
    page = desk_on.officer.read("/oversight")
    assert "Stored records are not as they were written" in page
    assert f"Case {desk_on.number()}</a>: an item was changed; it stays closed" in page
    assert desk_on.number(desk_on.made.other_id) not in page
    assert "What does not match the log is not opened for anybody." in page
    assert "outside the cases you oversee" not in page
    line = foot(desk_on.officer.read("/"))
    assert "Stored records are not as they were written" in line
    assert "bottom__log--error" in line


def test_an_officer_learns_no_number_of_a_case_that_is_not_overseen(desk: Desk) -> None:
    change_a_column(desk)
    tamper("UPDATE case_file SET version = 99 WHERE id = :c", c=desk.made.elsewhere_id)
    record_check.check_nightly()
    housing = desk.visitor("WOC", "Officer").read("/oversight")
    assert "It is not in a case that you oversee." in housing
    assert desk.number() not in housing
    own = desk.officer.read("/oversight")
    assert "Something outside the cases you oversee is not as it was written either." in own
    assert desk.number(desk.made.elsewhere_id) not in own
    assert "bottom__log--error" not in foot(desk.visitor("GCR").read("/account"))


def test_checking_now_checks_log_and_records(desk: Desk) -> None:
    assert "The records were not checked yet" in desk.officer.read("/oversight")
    desk.officer.do("/oversight/verify")
    page = desk.officer.read("/oversight")
    assert "The records are whole, checked at" in page
    assert "The log is whole, checked at" in foot(page)
    change_a_column(desk)
    wait(minutes=1)
    desk.officer.do("/oversight/verify")
    page = desk.officer.read("/oversight")
    assert "Checked: stored records are not as they were written." in page
    assert "The log is whole, checked at" in page
    assert "Stored records are not as they were written, checked at" in foot(page)


def test_a_check_that_stays_out_shows_as_unsure(desk: Desk) -> None:
    verification.verify_daily()
    record_check.check_nightly()
    wait(hours=27)
    page = desk.officer.read("/oversight")
    assert "The records were last checked on" in page
    assert "bottom__log--warning" in foot(page)


def test_an_alarm_goes_to_the_technical_log_without_a_name(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    change_a_column(desk)
    record_check.check_now()
    (alarm,) = [one for one in caplog.records if getattr(one, "event", "") == "records-tampered"]
    assert alarm.levelname == "CRITICAL"
    assert desk.made.case_id.hex() not in alarm.getMessage()


def test_only_so_many_problems_are_kept_and_all_are_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = check_everything()
    found.problems.extend(f"index: {new_id().hex()}" for _ in range(3))
    monkeypatch.setattr(record_check, "check_everything", lambda: found)
    monkeypatch.setattr(record_check, "MOST_KEPT", 2)
    row = record_check.check_now()
    assert (row.problems, len(row.first_problems)) == (3, 2)
    assert "It is not in a case that you oversee." in desk.officer.read("/oversight")
