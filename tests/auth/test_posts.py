"""Posts: only from our own pages, and no typed text is lost when a session ends."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, select, update

from audit.entries import Action, Kind
from auth import queries, service
from auth.models import HeldPost
from auth.rules import Role
from auth.service import INSTALLATION
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import NotFoundError
from config.keys import KeyUnavailableError
from tests.auth.log import break_log, entries_of
from tests.auth.world import PASSWORD, Browser, World

TEXT = "Sem was vandaag op school.\nEr is een gesprek gepland."


def held(world: World) -> list[HeldPost]:
    with world.app.app_context():
        return list(db.session.scalars(select(HeldPost)))


def post_after_the_session_ended(
    world: World, clock: FrozenClock, text: str = TEXT
) -> tuple[Browser, str]:
    """Type for too long and send; give the browser and the name to sign in with."""
    known = world.person()
    browser = world.signed_in(known)
    token = browser.token()
    clock.advance(timedelta(minutes=20))
    answer = browser.post("/desk?tab=2", {"text": text, "kind": "gesprek"}, token=token)
    assert answer.status_code == 303
    assert "reason=kept" in answer.location
    assert "one hour" in browser.get(answer.location).text
    return browser, known.sign_in_name


def again(page: str) -> dict[str, str]:
    """Read the hidden fields of the form that sends a kept text once more."""
    form = page.split('action="/desk?tab=2"')[1].split("</form>", maxsplit=1)[0]
    found = re.findall(r'name="([^"]+)" value="([^"]*)"', form, re.DOTALL)
    return {name: unescape(value) for name, value in found}


def test_a_post_from_our_own_page_is_taken(world: World) -> None:
    browser = world.signed_in(world.person())
    assert browser.post("/desk", {"text": "dag"}).text == "taken: dag"


def test_a_post_without_a_token_is_refused(world: World) -> None:
    browser = world.signed_in(world.person())
    assert browser.post("/desk", token="").status_code == 400
    assert browser.post("/desk", token="made up").status_code == 400


def test_the_token_of_another_session_is_refused(world: World) -> None:
    one, other = world.signed_in(world.person()), world.signed_in(world.person())
    assert one.post("/desk", token=other.token()).status_code == 400


def test_the_token_of_before_signing_in_is_refused_after_it(world: World) -> None:
    browser = world.browser()
    before = browser.token()
    browser.sign_in(world.person().sign_in_name)
    assert browser.post("/desk", token=before).status_code == 400


def test_the_token_goes_with_the_session_and_not_with_the_browser(world: World) -> None:
    one, other = world.signed_in(world.person()), world.signed_in(world.person())
    token = one.token()
    assert other.cookie
    one.carry(other.cookie)
    assert one.post("/desk", token=token).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_from_another_site_is_refused_with_any_token(world: World, site: str) -> None:
    browser = world.signed_in(world.person())
    answer = browser.post("/desk", {"text": "dag"}, **{"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_an_old_browser_is_judged_by_its_origin(world: World) -> None:
    browser = world.signed_in(world.person())
    token = browser.token()
    browser.headers = {"Accept-Language": "en"}
    for origin, status in {
        "http://localhost": 200,
        "https://localhost": 200,
        "https://evil.example": 403,
        "null": 403,
        "http://[": 403,
    }.items():
        assert browser.post("/desk", token=token, Origin=origin).status_code == status
    assert browser.post("/desk", token=token).status_code == 200


def test_reading_from_a_link_on_another_site_is_allowed(world: World) -> None:
    browser = world.signed_in(world.person())
    assert browser.get("/desk", **{"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_text_sent_after_the_session_ended_comes_back_after_signing_in(
    world: World, clock: FrozenClock
) -> None:
    browser, name = post_after_the_session_ended(world, clock)
    landed = browser.get(browser.sign_in(name, going="/").location)
    assert landed.location == "/account/kept-text?next=/"
    page = browser.get(landed.location)
    assert "Your text is kept" in page.text
    assert TEXT in unescape(page.text)
    sent = browser.post("/desk?tab=2", again(page.text), token=browser.token())
    assert sent.text == f"taken: {TEXT}"
    assert held(world) == []


def test_a_kept_text_is_only_shown_to_its_writer(world: World, clock: FrozenClock) -> None:
    browser, _ = post_after_the_session_ended(world, clock)
    somebody_else = world.person()
    landed = browser.get(browser.sign_in(somebody_else.sign_in_name).location)
    assert landed.location == "/desk"
    assert browser.get("/account/kept-text").location == "/"
    (row,) = held(world)
    with world.app.test_request_context(), pytest.raises(NotFoundError):
        service.open_held(somebody_else.id, row.id, service.entries.NOBODY)


def test_a_kept_text_is_sealed(world: World, clock: FrozenClock) -> None:
    post_after_the_session_ended(world, clock)
    (row,) = held(world)
    assert b"Sem" not in row.sealed
    assert b"desk" not in row.sealed


def test_a_kept_text_moved_to_another_person_does_not_open(
    world: World, clock: FrozenClock
) -> None:
    post_after_the_session_ended(world, clock)
    thief = world.person()
    with world.app.app_context(), transaction():
        db.session.execute(update(HeldPost).values(person_id=thief.id))
    (row,) = held(world)
    with world.app.app_context(), pytest.raises(KeyUnavailableError):
        service.open_held(thief.id, row.id, service.entries.NOBODY)


def test_showing_a_kept_text_is_an_entry_and_without_a_log_it_stays_shut(
    world: World, clock: FrozenClock
) -> None:
    browser, name = post_after_the_session_ended(world, clock)
    browser.sign_in(name)
    browser.get("/account/kept-text")
    (entry,) = entries_of(world.app, Action.CONSULT)
    assert entry.kind is Kind.OPENED
    assert entry.facts["what"] == "held-text"
    break_log(world.app)
    answer = browser.get("/account/kept-text")
    assert answer.status_code == 503
    assert "Sem" not in answer.text


def test_a_kept_text_is_gone_after_an_hour(world: World, clock: FrozenClock) -> None:
    browser, name = post_after_the_session_ended(world, clock)
    clock.advance(timedelta(hours=1))
    browser.sign_in(name)
    assert browser.get("/account/kept-text?next=/desk").location == "/desk"
    with world.app.app_context():
        service.sweep()
    assert held(world) == []


def test_a_kept_text_that_is_refused_by_its_form_stays_until_it_is_taken(
    world: World, clock: FrozenClock
) -> None:
    browser, name = post_after_the_session_ended(world, clock, text="wrong")
    browser.sign_in(name)
    fields = again(browser.get("/account/kept-text").text)
    assert browser.post("/desk?tab=2", fields, token=browser.token()).status_code == 422
    assert len(held(world)) == 1
    assert browser.post("/desk", {"text": "iets anders"}).status_code == 200
    assert len(held(world)) == 1
    fields["text"] = "goed"
    assert browser.post("/desk?tab=2", fields, token=browser.token()).status_code == 200
    assert held(world) == []
    assert browser.post("/desk?tab=2", fields, token=browser.token()).status_code == 200


def test_a_kept_text_can_be_deleted_unsent(world: World, clock: FrozenClock) -> None:
    browser, name = post_after_the_session_ended(world, clock)
    browser.sign_in(name)
    (row,) = held(world)
    answer = browser.post(f"/account/kept-text/{row.id.hex()}/drop", {"next": "/desk"})
    assert browser.get(answer.location).location == "/desk"
    assert held(world) == []


def test_nobody_deletes_the_text_of_somebody_else(world: World, clock: FrozenClock) -> None:
    post_after_the_session_ended(world, clock)
    (row,) = held(world)
    other = world.signed_in(world.person())
    other.post(f"/account/kept-text/{row.id.hex()}/drop")
    assert len(held(world)) == 1


def test_older_kept_texts_come_one_after_another_and_five_at_most(
    world: World, clock: FrozenClock
) -> None:
    known = world.person()
    browser = world.signed_in(known)
    token = browser.token()
    clock.advance(timedelta(minutes=20))
    for number in range(7):
        clock.advance(timedelta(seconds=1))
        browser.post("/desk", {"text": f"tekst nummer {number}"}, token=token)
    assert len(held(world)) == 5
    browser.sign_in(known.sign_in_name)
    page = browser.get("/account/kept-text").text
    assert "tekst nummer 6" in page
    assert "4 older texts are kept too" in page


def test_nothing_is_kept_of_a_bare_button_a_draft_or_a_book(
    world: World, clock: FrozenClock
) -> None:
    browser = world.signed_in(world.person())
    token = browser.token()
    clock.advance(timedelta(minutes=20))
    bare = browser.post("/desk", token=token)
    draft = browser.post("/desk/draft", {"text": TEXT}, token=token)
    book = browser.post("/desk", {"text": "a" * 250_000}, token=token)
    for answer in (bare, draft, book):
        assert "reason=ended" in answer.location
    assert "Your session has ended" in browser.get(bare.location).text
    assert held(world) == []


def test_passwords_are_never_kept(world: World, clock: FrozenClock) -> None:
    browser = world.signed_in(world.person())
    token = browser.token()
    clock.advance(timedelta(minutes=20))
    typed = {"present": PASSWORD, "new": "iets heel anders", "again": "iets heel anders"}
    browser.post("/account/password", typed, token=token)
    assert held(world) == []


def test_nothing_is_kept_for_a_blocked_account(world: World) -> None:
    known = world.person()
    browser = world.signed_in(known)
    token = browser.token()
    with world.app.app_context():
        service.block_person(INSTALLATION, known.id)
    browser.post("/desk", {"text": TEXT}, token=token)
    assert held(world) == []


def test_kept_text_goes_when_the_account_is_blocked_or_the_role_ends(
    world: World, clock: FrozenClock
) -> None:
    for act in ("block", "end"):
        post_after_the_session_ended(world, clock)
        (row,) = held(world)
        with world.app.app_context():
            if act == "block":
                service.block_person(INSTALLATION, row.person_id)
            else:
                role = queries.all_memberships(row.person_id)[0]
                service.end_membership(INSTALLATION, role.id)
        assert held(world) == []


def test_a_post_without_a_session_and_a_cookie_is_sent_to_sign_in(world: World) -> None:
    browser = world.browser()
    answer = browser.post("/desk", {"text": TEXT}, Referer="http://localhost/desk?tab=2")
    assert answer.location == "/sign-in?next=/desk?tab%3D2"
    answer = browser.post("/desk", {"text": TEXT}, Referer="http://evil.example/desk")
    assert answer.location == "/sign-in"
    assert held(world) == []


def test_a_form_from_before_a_new_sign_in_gives_the_text_back_at_once(world: World) -> None:
    known = world.person()
    browser = world.signed_in(known)
    token = browser.token()
    browser.sign_in(known.sign_in_name)
    answer = browser.post("/desk?tab=2", {"text": TEXT}, token=token)
    assert answer.status_code == 400
    assert "Send this once more" in answer.text
    fields = again(answer.text)
    assert fields["text"] == TEXT
    sent = browser.post("/desk?tab=2", fields, token=fields["csrf_token"])
    assert sent.text == f"taken: {TEXT}"


def test_another_site_cannot_choose_the_text_of_that_page(world: World) -> None:
    browser = world.signed_in(world.person())
    browser.headers = {"Accept-Language": "en"}
    answer = browser.post("/desk", {"text": TEXT}, token="made up")
    assert answer.status_code == 400
    assert "Sem" not in answer.text


def test_a_stale_form_of_an_ended_session_keeps_its_text_too(
    world: World, clock: FrozenClock
) -> None:
    browser = world.signed_in(world.person())
    clock.advance(timedelta(minutes=20))
    answer = browser.post("/desk", {"text": TEXT}, token="made up")
    assert "reason=kept" in answer.location


def test_a_browser_that_forgot_who_signed_in_gives_the_text_back_to_send_later(
    world: World,
) -> None:
    known = world.person()
    browser = world.browser()
    answer = browser.post("/desk?tab=2", {"text": TEXT}, token="made up")
    assert answer.status_code == 400
    assert "Sign in in a new tab" in answer.text
    browser.sign_in(known.sign_in_name)
    fields = again(answer.text)
    answer = browser.post("/desk?tab=2", fields, token=fields["csrf_token"])
    assert "Sign in in a new tab" not in answer.text
    fields = again(answer.text)
    sent = browser.post("/desk?tab=2", fields, token=fields["csrf_token"])
    assert sent.text == f"taken: {TEXT}"


def test_what_nobody_typed_is_only_refused(world: World) -> None:
    answer = world.browser().post("/desk", {"text": " "}, token="made up")
    assert answer.status_code == 400
    assert "Send this once more" not in answer.text


def test_a_part_of_a_page_is_told_to_go_to_sign_in(world: World, clock: FrozenClock) -> None:
    browser = world.signed_in(world.person())
    token = browser.token()
    clock.advance(timedelta(minutes=20))
    part = {"HX-Request": "true", "HX-Current-URL": "http://localhost/desk?tab=2"}
    answer = browser.get("/desk", **part)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=/desk?tab%3D2")
    sent = browser.post("/desk", {"text": TEXT}, token=token, **part)
    assert sent.status_code == 401
    assert "HX-Redirect" not in sent.headers
    assert "reason=kept" in sent.text


def test_one_reads_pages_without_asking_for_kept_text(world: World) -> None:
    browser = world.signed_in(world.person())
    seen: list[str] = []
    engine = world.app.extensions["stores"].app
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    browser.get("/desk")
    assert not any("held_post" in one for one in seen)


def test_how_pages_look_stays_over_a_sign_in_and_nothing_else_does(world: World) -> None:
    browser = world.browser()
    browser.post("/language", {"language": "en", "back": "/"})
    with browser.client.session_transaction() as kept:
        kept["of_before"] = "somebody else's"
    browser.sign_in(world.person(world.seat(Role.DPO)).sign_in_name)
    with browser.client.session_transaction() as kept:
        assert kept["language"] == "en"
        assert "of_before" not in kept
