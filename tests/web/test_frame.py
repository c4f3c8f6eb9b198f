"""The frame around every page: who is signed in, what they may use, and what it never does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask.testing import FlaskClient

from config.errors import IntegrityFaultError, InvalidInputError, StoreUnavailableError
from config.settings import Mode
from pga.web import frame
from pga.web.frame import Page
from pga.web.navigation import Account, Frame, LogState, LogStatus, NavItem
from tests.web.conftest import MakeApp

PAGE = (
    '{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}'
    "{% block content %}<h1>Kop</h1>{% endblock %}"
)


def yes() -> bool:
    return True


def no() -> bool:
    return False


@pytest.fixture
def rooms(app: Flask) -> Flask:
    """An app with a few rooms hung in its frame, and somebody signed in."""
    for name in ("work", "cases", "search", "capture", "out", "log", "profile", "enter"):
        app.add_url_rule(f"/{name}", name, lambda: render_template_string(PAGE, title="Kop"))
    app.extensions["navigation"].extend(
        [
            NavItem("work", "Search", yes),
            NavItem("cases", "Sign in", yes),
            NavItem("log", "Next", no),
        ]
    )
    app.extensions["frame"] = Frame(
        home="work",
        sign_in="enter",
        capture=NavItem("capture", "Next", yes),
        search=NavItem("search", "Search", yes),
        account=lambda: Account(
            "R. Jansen", "leerplicht", (NavItem("profile", "Next", yes),), "out"
        ),
        log_status=lambda: LogStatus(LogState.WHOLE, "Logboek klopt", "log"),
    )
    return app


def get(app: Flask, address: str = "/work") -> str:
    return app.test_client().get(address).get_data(as_text=True)


def test_the_frame_is_drawn_when_nobody_is_signed_in_and_nothing_hangs_in_it(app: Flask) -> None:
    app.add_url_rule("/", "home", lambda: render_template_string(PAGE, title="Welkom"))
    text = get(app, "/")
    assert "<title>Welkom \u2013 Samenspraak</title>" in text
    assert 'class="utrecht-root voorbeeld-theme"' in text
    assert 'href="#main"' in text
    assert "<nav" not in text
    assert "Afmelden" not in text


def test_somebody_who_is_not_signed_in_is_shown_the_way_in(rooms: Flask) -> None:
    rooms.extensions["frame"].account = lambda: None
    assert '<a class="top__sign-in" href="/enter">Aanmelden</a>' in get(rooms)


def test_the_menu_holds_what_this_person_may_use_and_marks_where_one_is(rooms: Flask) -> None:
    text = get(rooms)
    assert '<a class="nav__link" href="/work" aria-current="page">Zoeken</a>' in text
    assert '<a class="nav__link" href="/cases">Aanmelden</a>' in text
    assert '<a class="nav__link" href="/log"' not in text


def test_a_page_may_say_which_entry_it_belongs_to(rooms: Flask) -> None:
    page = PAGE + '{% set current = "cases" %}'
    rooms.add_url_rule("/case", "case", lambda: render_template_string(page, title="Casus"))
    assert 'href="/cases" aria-current="page"' in get(rooms, "/case")


def test_search_is_sent_in_the_body_so_no_name_stands_in_an_address(rooms: Flask) -> None:
    assert '<form class="top__search" role="search" method="post" action="/search">' in get(rooms)


def test_buttons_a_person_may_not_use_are_not_there(rooms: Flask) -> None:
    rooms.extensions["frame"].capture = NavItem("capture", "Next", no)
    rooms.extensions["frame"].search = None
    text = get(rooms)
    assert "top__capture" not in text
    assert "top__search" not in text


def test_the_account_menu_names_the_person_and_signs_out_by_post(rooms: Flask) -> None:
    text = get(rooms)
    assert "R. Jansen" in text
    assert '<form method="post" action="/out">' in text


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (LogStatus(LogState.WHOLE, "Klopt", "log"), '<a href="/log">Klopt</a>'),
        (LogStatus(LogState.UNSURE, "Nog niet bekeken"), "bottom__log--warning"),
        (LogStatus(LogState.BROKEN, "Klopt niet"), "bottom__log--error"),
    ],
)
def test_the_foot_says_whether_the_log_is_whole(
    rooms: Flask, status: LogStatus, expected: str
) -> None:
    rooms.extensions["frame"].log_status = lambda: status
    assert expected in get(rooms)


def test_a_bare_page_asks_nobody_who_is_signed_in(rooms: Flask) -> None:
    def broken() -> None:
        raise AssertionError

    rooms.extensions["frame"].account = broken
    rooms.extensions["frame"].log_status = broken
    rooms.extensions["navigation"][:] = [NavItem("work", "Next", broken)]  # type: ignore[arg-type]
    text = get(rooms, "/style-guide/error/503")
    assert "Er wordt nu niets getoond" in text


def test_only_the_demo_says_that_its_data_is_fictional(make_app: MakeApp) -> None:
    banner = "Fictieve gegevens; niet door genoemde gemeenten ondertekend"
    assert banner in get(make_app(Mode.DEMO), "/style-guide")
    assert banner not in get(make_app(Mode.TEST), "/style-guide")


def test_what_the_last_action_did_is_said_once(app: Flask, client: FlaskClient) -> None:
    def act() -> str:
        flash("Vastgelegd.", "success")
        return "done"

    app.add_url_rule("/act", "act", act)
    client.get("/act")
    assert "Vastgelegd." in client.get("/style-guide").get_data(as_text=True)
    assert "Vastgelegd." not in client.get("/style-guide").get_data(as_text=True)


def test_the_full_look_is_worn_when_it_was_built_and_the_plain_look_otherwise(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(frame, "FULL_LOOK", ("keys.js",))
    assert re.findall(r'stylesheet" href="([^"?]+)', get(make_app(), "/style-guide")) == [
        "/static/keys.js"
    ]
    monkeypatch.setattr(frame, "FULL_LOOK", ("dist/never-built.css",))
    sheets = re.findall(r'stylesheet" href="([^"?]+)', get(make_app(), "/style-guide"))
    assert sheets == [f"/static/{name}" for name in frame.PLAIN_LOOK]
    assert tmp_path.exists()


def test_the_addresses_of_assets_change_with_their_content(client: FlaskClient) -> None:
    text = client.get("/style-guide").get_data(as_text=True)
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    assert found
    assert all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in found)


def test_a_page_costs_no_question_twice(rooms: Flask) -> None:
    asked: list[str] = []

    def counted(name: str) -> Callable[[], None]:
        return lambda: asked.append(name)

    rooms.extensions["frame"].account = counted("account")
    rooms.extensions["frame"].log_status = counted("log")
    get(rooms)
    assert sorted(asked) == ["account", "log"]


def test_no_page_carries_inline_scripts_or_styles(client: FlaskClient) -> None:
    for name in ("parts", "case", "work", "forms", "tables"):
        text = client.get(f"/style-guide/{name}").get_data(as_text=True)
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text
        )


def test_no_template_turns_escaping_off(app: Flask) -> None:
    folder = Path(str(app.blueprints["web"].root_path)) / "templates"
    unsafe = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8"))
    }
    assert unsafe == {"macros/icons.html"}


def test_the_frame_knows_where_to_come_back_to(app: Flask) -> None:
    with app.test_request_context("/cases?page=2"):
        assert Page().here == "/cases?page=2"
    with app.test_request_context("/cases"):
        assert Page().here == "/cases"
        assert Page().home == "/"


def test_an_error_of_a_service_names_what_is_wrong_with_each_field(app: Flask) -> None:
    with app.test_request_context():
        text = render_template(
            "errors/422.html", error=InvalidInputError({"when": ["Fill this in."]})
        )
    assert "<li>Vul dit in.</li>" in text


def test_a_case_that_does_not_match_the_log_is_not_tried_again(app: Flask) -> None:
    again = "Probeer het over een paar minuten opnieuw."
    with app.test_request_context():
        assert again in render_template("errors/503.html", error=StoreUnavailableError())
        assert again not in render_template("errors/503.html", error=IntegrityFaultError())


def test_addresses_of_the_frame_follow_where_the_product_stands(rooms: Flask) -> None:
    client = rooms.test_client()
    for root in ("", "/pga", ""):
        page = client.get("/cases", environ_overrides={"SCRIPT_NAME": root}).get_data(as_text=True)
        assert f'action="{root}/search"' in page
        assert f'href="{root}/work"' in page
