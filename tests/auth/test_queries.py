"""Reads: the right people on the right day, each in one query; and the whole on both databases."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from auth import queries, service
from auth.errors import CodeRefusedError, SignInRefusedError, SignInThrottledError
from auth.models import LoginSession
from auth.rules import Role
from auth.service import INSTALLATION, Appointment
from config.clock import FrozenClock
from config.database import db
from config.settings import Settings
from tests.auth.conftest import composed
from tests.auth.world import ADDRESS, NEXT_TOWN, PASSWORD, TOWN, World, code_of, day
from tests.conftest import LayStores
from tests.databases import Addresses


@pytest.fixture
def both(
    database: str,
    lay_stores: LayStores,
    settings_for: Callable[[Addresses], Settings],
    clock: FrozenClock,
) -> Iterator[World]:
    """The town, once on each database."""
    _ = clock
    with composed(settings_for(lay_stores(database))) as app:
        yield World(app)


def statements(world: World, read: Callable[[], object]) -> int:
    """Count the statements a read sends to the app store."""
    seen: list[object] = []
    engine = world.app.extensions["stores"].app

    def note(*args: object) -> None:
        seen.append(args)

    event.listen(engine, "before_cursor_execute", note)
    read()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_people_are_found_where_they_work_on_a_day(both: World) -> None:
    here = both.person(both.seat(Role.CASE_MANAGER))
    officer = both.person(both.seat(Role.PROFESSIONAL, both.police))
    later = both.person(both.seat(Role.DPO))
    far = both.person(both.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN))
    today = day("2026-11-02")
    with both.app.app_context():
        ends = Appointment(both.seat(Role.PROFESSIONAL), day("2026-11-01"), day("2026-11-01"))
        service.add_membership(INSTALLATION, far.id, ends)
        found = queries.people_of_municipality(TOWN, today)
        assert {one.person_id for one in found} == {here.id, officer.id, later.id}
        managers = queries.people_of_municipality(TOWN, today, {Role.CASE_MANAGER})
        assert [one.person.sign_in_name for one in managers] == [here.sign_in_name]
        assert [one.organisation.name for one in managers] == ["Gemeente Duinstede"]
        yesterday = queries.people_of_municipality(TOWN, day("2026-11-01"))
        assert {one.person_id for one in yesterday} == {far.id}
        at_police = queries.people_of_organisation(both.police, today)
        assert [one.person_id for one in at_police] == [officer.id]
        in_next_town = queries.people_of_organisation(both.town, today, NEXT_TOWN)
        assert [one.person_id for one in in_next_town] == [far.id]


def test_many_are_found_at_once(both: World) -> None:
    people = [both.person() for _ in range(3)]
    ids = [one.id for one in people]
    with both.app.app_context():
        assert set(queries.people_by_id([*ids, b"?" * 16])) == set(ids)
        found = queries.organisations_by_id([both.town, both.police, b"?" * 16])
        assert found[both.police].partners == ("POL",)
        assert [one.name for one in queries.organisations()] == [
            "Gemeente Duinstede",
            "Politie Duinstede",
            "Veiligheidshuis Duinstede",
        ]
        by_person = queries.live_memberships_of(ids, day("2026-11-02"))
        assert {key: len(rows) for key, rows in by_person.items()} == dict.fromkeys(ids, 1)
        assert queries.live_memberships_of([], day("2026-11-02")) == {}


def test_every_read_is_one_query_whatever_the_number(world: World) -> None:
    for _ in range(8):
        world.person(world.seat(Role.PROFESSIONAL), world.seat(Role.DPO, world.police))
    today = day("2026-11-02")
    with world.app.app_context():
        ids = [one.person_id for one in queries.people_of_municipality(TOWN, today)]
        lead = world.seat(Role.PROCESS_LEAD)
        for read in (
            lambda: [one.person.name for one in queries.people_of_municipality(TOWN, today)],
            lambda: [one.person.name for one in queries.people_of_organisation(world.town, today)],
            lambda: [one.organisation.name for one in queries.within_reach([lead])],
            lambda: queries.people_by_id(ids),
            lambda: queries.live_memberships_of(ids, today),
            lambda: [one.organisation.name for one in queries.live_memberships(ids[0], today)],
        ):
            db.session.expunge_all()
            assert statements(world, read) == 1


def test_failures_side_by_side_are_all_counted(both: World) -> None:
    known = both.person()
    outcomes: list[str] = []
    barrier = threading.Barrier(8)

    def guess() -> None:
        barrier.wait()
        with both.app.app_context():
            try:
                service.sign_in(known.sign_in_name, "not this password", access_point=ADDRESS)
            except SignInRefusedError:
                outcomes.append("refused")
            except SignInThrottledError:
                outcomes.append("waits")

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["waits"] * 3


def test_a_code_works_once_on_both_databases(both: World, clock: FrozenClock) -> None:
    known = both.person()
    secret = both.enrol(known)
    clock.advance(timedelta(minutes=1))
    with both.app.app_context():
        logins = [
            service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS).login.id
            for _ in range(2)
        ]
        first, second = (db.session.get_one(LoginSession, one) for one in logins)
        service.prove_code(first, code_of(secret), access_point=ADDRESS)
        with pytest.raises(CodeRefusedError):
            service.prove_code(second, code_of(secret), access_point=ADDRESS)


def test_text_is_kept_and_swept_on_both_databases(both: World, clock: FrozenClock) -> None:
    known = both.person()
    browser = both.signed_in(known)
    token = browser.token()
    clock.advance(timedelta(minutes=20))
    browser.post("/desk", {"text": "een hele zin"}, token=token)
    browser.sign_in(known.sign_in_name)
    assert "een hele zin" in browser.get("/account/kept-text").text
    clock.advance(timedelta(hours=2))
    with both.app.app_context():
        service.sweep()
        assert queries.held_posts(known.id, clock.now() - timedelta(hours=2)) == []


def test_an_account_is_managed_on_both_databases(both: World) -> None:
    lead = both.signed_in(both.person(both.seat(Role.PROCESS_LEAD)))
    known = both.person()
    elsewhere = both.signed_in(known)
    assert known.sign_in_name in lead.get("/people").text
    lead.post(f"/people/{known.id.hex()}/block")
    assert elsewhere.get("/desk").status_code == 303
    lead.post(f"/people/{known.id.hex()}/unblock")
    lead.post(f"/people/{known.id.hex()}/reset")
    assert both.browser().sign_in(known.sign_in_name).status_code == 422
