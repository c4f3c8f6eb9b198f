"""Verify now, every day, and what one verification knows of the one before."""

import json

import pytest
from sqlalchemy import delete, select, update

from audit.entries import Action
from audit.models import audit_entry, audit_head, audit_kek, audit_payload, audit_tile
from config import clock
from config.database import db, stores
from pga.oversight.models import LogVerification
from pga.oversight.rules import LogVerdict
from pga.oversight.service import verification
from tests.audit.tamper import Owner
from tests.oversight.conftest import Desk, wait
from tests.oversight.test_who_saw import happened, newest


def verified(desk: Desk) -> str:
    """Let the officer check now, and give the page after it."""
    wait(minutes=1)
    desk.officer.do("/oversight/verify")
    return desk.officer.read("/oversight")


def last() -> LogVerification:
    return db.session.scalars(select(LogVerification).order_by(LogVerification.at.desc())).all()[0]


def test_verify_now_says_that_the_log_is_whole_and_when(desk_on: Desk) -> None:
    assert "The log was not checked yet" in desk_on.officer.read("/oversight")
    page = verified(desk_on)
    assert "entries of the log are whole" in page
    assert f"The log is whole, checked at {clock.now().astimezone(clock.AMSTERDAM):%H:%M}" in page
    assert last().verdict == LogVerdict.OK
    (look,) = desk_on.entries(actions=[Action.LOG_VIEW])
    assert look.reason == "verify"


TRIANGLE = 'd="M8 1 15.6 14.5H.4Z"'


def test_a_log_nobody_checked_has_one_shape_on_its_page_and_at_the_foot(desk: Desk) -> None:
    page = desk.officer.read("/oversight")
    body, foot = page.split("<footer", maxsplit=1)
    assert TRIANGLE in body.rsplit("Is the log whole?", maxsplit=1)[-1]
    assert TRIANGLE in foot
    assert "bottom__log--warning" in foot


def test_the_line_stands_at_the_foot_of_every_page_of_officers_alone(desk: Desk) -> None:
    verified(desk)
    assert "The log is whole" in desk.officer.read("/")
    assert "The log is whole" not in desk.visitor("GCR").read("/")


def test_verify_now_names_the_first_entry_that_was_tampered_with(desk_on: Desk) -> None:
    seq = newest(desk_on)
    Owner(stores().audit).change(audit_payload, seq, nonce=bytes(12))
    page = verified(desk_on)
    assert "the log is not as it was written" in page
    assert f"has number {seq}." in page
    assert (last().verdict, last().first_bad) == (LogVerdict.TAMPERED, seq)
    assert "The log is not as it was written" in desk_on.officer.read("/")


def test_a_log_that_cannot_be_read_whole_is_incomplete(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified(desk)
    Owner(stores().audit).run(audit_kek.update().values(wrapped=bytes(60)))
    page = verified(desk)
    assert "could not be checked completely" in page
    assert "ask" in page.lower()
    assert last().verdict == LogVerdict.INCOMPLETE


def cover_up(owner: Owner) -> None:
    """Recompute tiles and head over what is left, with the time of the last leaf."""
    owner.cover()
    newest_first = select(audit_entry.c.leaf).order_by(audit_entry.c.seq.desc())
    leaf = json.loads(owner.read(newest_first)[0][0])
    owner.run(update(audit_head).values(ts=leaf["t"]))


def test_a_log_that_was_cut_short_and_covered_up_shows(desk: Desk) -> None:
    verified(desk)
    size = last().size
    owner = Owner(stores().audit)
    owner.cut(size - 5)
    cover_up(owner)
    wait(minutes=1)
    found = verification._verify()
    assert (found.verdict, found.first_bad) == (LogVerdict.REWRITTEN, 0)


def test_a_log_that_was_rewritten_as_a_whole_shows_from_where_it_was_last_the_same(
    desk: Desk,
) -> None:
    verification.verify_daily()
    before = last().size
    happened(desk, 6)
    wait(days=1)
    verification.verify_daily()
    owner = Owner(stores().audit)
    owner.remove(before + 2)
    owner.cut(before + 2)
    cover_up(owner)
    wait(minutes=1)
    found = verification._verify()
    assert (found.verdict, found.first_bad) == (LogVerdict.REWRITTEN, before)
    page = desk.officer.read("/oversight")
    assert f"Only the entries before number {before} are certainly the same" in page


def test_a_log_without_its_tiles_is_held_for_another(desk: Desk) -> None:
    happened(desk, 300)
    verification.verify_daily()
    assert verification._root_at(last().size) == last().root
    Owner(stores().audit).run(delete(audit_tile))
    assert verification._root_at(256) is None


def test_the_worker_verifies_once_a_day(desk: Desk) -> None:
    verification.verify_daily()
    first = last().id
    wait(hours=23)
    verification.verify_daily()
    assert last().id == first
    wait(hours=1)
    verification.verify_daily()
    assert last().id != first
    assert desk.entries(actions=[Action.LOG_VIEW]) == []


def test_a_verification_of_another_day_says_the_day_and_grows_stale(desk: Desk) -> None:
    verified(desk)
    wait(hours=20)
    desk.visitors.clear()
    assert "The log is whole, checked on" in desk.officer.read("/oversight")
    wait(days=1)
    desk.visitors.clear()
    assert "The log was last checked on" in desk.officer.read("/oversight")


def test_only_an_officer_may_let_the_log_be_verified(desk: Desk) -> None:
    assert desk.visitor("GCR").post("/oversight/verify").status_code == 403
    assert db.session.scalar(select(LogVerification)) is None
