"""Every route x everybody x own, foreign and unknown: nothing is told, and the work is the same."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from config.database import Stores
from config.ids import new_id
from tests.attacks.routes import ROUTES, Door, Route, address, routes_of
from tests.attacks.town import MEMBERS, OUTSIDERS, Town, founded, unknown
from tests.factories.browserless import TOKEN, Visitor
from tests.factories.crawl import ID
from tests.factories.fixtures import Play
from tests.factories.log import size_of
from tests.factories.snapshots import Played
from tests.factories.work import counted, dumped

SEEN_AT = ("login_session",)
SIGNED_OUT = {303, 400, 401}


@pytest.fixture
def town(play: Play) -> Played[Town]:
    """The town, without the budget that would end a long attack early."""
    played = play(founded)
    settings = played.app.extensions["settings"]
    played.app.extensions["settings"] = replace(settings, refusal_budget=10**6)
    return played


@dataclass(frozen=True, slots=True)
class Answer:
    """All an attacker can see or measure of one request, ids made alike."""

    status: int
    length: int
    text: str
    headers: tuple[tuple[str, str], ...]
    statements: Counter[str]
    entries: int


def ask(app: Flask, visitor: Visitor, route: Route, ids: Mapping[str, object]) -> Answer:
    """Make one request, with an empty form where it is a post."""
    path = address(app, route, ids)
    before = size_of(app)
    with counted(app) as statements:
        response = visitor.get(path) if route.method == "GET" else visitor.post(path)
    headers = [(name, ID.sub("id", value)) for name, value in response.headers]
    return Answer(
        status=response.status_code,
        length=len(response.data),
        text=ID.sub("id", TOKEN.sub("", response.data.decode(errors="replace"))),  # or a PDF
        headers=tuple((name, value) for name, value in headers if name != "Set-Cookie"),
        statements=statements,
        entries=size_of(app) - before,
    )


def signed_in(played: Played[Town], person_id: bytes) -> Visitor:
    """Give somebody a browser that has opened a page before."""
    visitor = Visitor.signed_in(played.app, person_id)
    assert visitor.token
    visitor.get(f"/cases/{played.made.case['case_id'].hex()}")
    return visitor


def test_every_route_stands_in_the_matrix(town: Played[Town]) -> None:
    assert {rule.endpoint for rule in town.app.url_map.iter_rules()} == set(ROUTES)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_cannot_tell_a_real_case_from_none(town: Played[Town], who: str) -> None:
    visitor = signed_in(town, town.made.outsiders[who])
    for route in routes_of(town.app, Door.CASE):
        real = ask(town.app, visitor, route, town.made.case)
        none = ask(town.app, visitor, route, unknown())
        assert real == none, route
        assert (real.status, real.entries) == (404, 1), route


def member(town: Played[Town], partner: str) -> Visitor:
    return signed_in(town, town.scene.who(partner).person_id)


@pytest.mark.parametrize("partner", MEMBERS)
def test_a_member_cannot_tell_things_of_another_case_from_none(
    town: Played[Town], partner: str
) -> None:
    visitor, app = member(town, partner), town.app
    before = dumped(_stores(app).app, *SEEN_AT)
    for route in routes_of(app, Door.CASE):
        if route.arguments == {"case_id"}:
            continue
        here = {"case_id": town.made.case["case_id"]}
        foreign = ask(app, visitor, route, {**town.made.other, **here})
        none = ask(app, visitor, route, {**unknown(), **here})
        assert foreign == none, route
        assert foreign.status in {403, 404, 422}, route
    assert dumped(_stores(app).app, *SEEN_AT) == before


@pytest.mark.parametrize("partner", ["POL", "SCH", "WOC", "LPR"])
def test_a_member_cannot_tell_things_of_secret_help_from_none(
    town: Played[Town], partner: str
) -> None:
    visitor, app = member(town, partner), town.app
    before = dumped(_stores(app).app, *SEEN_AT)
    for route in routes_of(app, Door.CASE):
        if route.arguments == {"case_id"} or "decision_id" in route.arguments:
            continue
        secret = ask(app, visitor, route, town.made.hidden)
        none = ask(app, visitor, route, {**unknown(), "case_id": town.made.case["case_id"]})
        assert secret == none, route
        assert secret.status in {403, 404, 422}, route
    assert dumped(_stores(app).app, *SEEN_AT) == before


@pytest.mark.parametrize("partner", MEMBERS)
def test_a_member_gets_an_answer_at_every_page_of_the_own_case(
    town: Played[Town], partner: str
) -> None:
    visitor = member(town, partner)
    for route in routes_of(town.app, Door.CASE):
        if route.method == "GET" and route.arguments == {"case_id"}:
            status = ask(town.app, visitor, route, town.made.case).status
            allowed = {200} if route.endpoint != "sharing.disclosure" else {200, 403}
            assert status in allowed, route


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(town: Played[Town]) -> None:
    stranger = Visitor(town.app.test_client())
    for route in routes_of(town.app, *(set(Door) - {Door.OPEN})):
        path = address(town.app, route, _all_ids(town))
        before = size_of(town.app)
        status = stranger.get(path).status_code
        if route.method == "POST":
            status = _bare_post(stranger, path)
        assert status in SIGNED_OUT, route
        assert size_of(town.app) == before, route


def _bare_post(visitor: Visitor, path: str) -> int:
    return visitor.client.post(path, data={}, headers={"Sec-Fetch-Site": "same-origin"}).status_code


INSIDE = {
    Door.ADMIN: {"admin", "lead of next town"},
    Door.OFFICER: {"officer", "dpo"},
    Door.VERSIONS: {"officer", "dpo", "lead of next town"},
}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_the_rooms_of_administrators_and_officers_are_closed_to_others(
    town: Played[Town], who: str
) -> None:
    visitor = signed_in(town, town.made.outsiders[who])
    for door, inside in INSIDE.items():
        for route in routes_of(town.app, door):
            status = ask(town.app, visitor, route, _all_ids(town)).status
            assert (status == 403) == (who not in inside), (route, status)
            assert status < 500, route


def test_who_works_elsewhere_cannot_tell_a_version_from_none(town: Played[Town]) -> None:
    visitor = signed_in(town, town.made.outsiders["lead of next town"])
    agreement = town.scene.desk("GPR", town.made.case["case_id"]).facts.agreement
    for route in routes_of(town.app, Door.AGREEMENT):
        there = {**_all_ids(town), "agreement_id": agreement.id}
        real = ask(town.app, visitor, route, there)
        none = ask(town.app, visitor, route, {**there, "agreement_id": new_id()})
        assert real == none, route
        assert (real.status, real.entries) == (404, 0), route


@pytest.mark.parametrize("who", ["admin", "lead of next town"])
def test_an_administrator_cannot_tell_people_out_of_reach_from_nobody(
    town: Played[Town], who: str
) -> None:
    visitor = signed_in(town, town.made.outsiders[who])
    for route in routes_of(town.app, Door.ADMIN):
        if not route.arguments:
            continue
        far = ask(town.app, visitor, route, _all_ids(town))
        nobody = {name: new_id() for name in ("person_id", "membership_id")}
        none = ask(town.app, visitor, route, nobody)
        assert (far.status, far.text) == (none.status, none.text), route


def _all_ids(town: Played[Town]) -> dict[str, object]:
    police = town.scene.who("POL")
    return {
        **town.made.case,
        "held_id": bytes(16),
        "person_id": police.person_id,
        "membership_id": police.membership_id,
        "agreement_id": new_id(),
        "edition_id": new_id(),
        "move_id": new_id(),
        "party_id": new_id(),
        "paper_id": new_id(),
        "step_name": "activate",
        "departure_id": new_id(),
        "track": "youth",
        "partner": "POL",
        "category": "D04",
        "revision": 1,
        "name": "log",
        "seq": 1,
        "rest": "0/000",
        "item_id": town.made.case.get("item_id", bytes(16)),
        "proposal_id": bytes(16),
        "extract_id": bytes(16),
    }


def _stores(app: Flask) -> Stores:
    found: Stores = app.extensions["stores"]
    return found
