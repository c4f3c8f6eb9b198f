"""Assets, the ways back, and what production does not have."""

import pytest
from flask.testing import FlaskClient

from config.settings import Mode
from pga.web.routes import ONE_YEAR
from tests.web.conftest import MakeApp


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "style-guide",
        "/a\nb",
    ],
)
def test_the_way_back_never_leaves_the_site(client: FlaskClient, back: str) -> None:
    assert client.post("/language", data={"language": "nl", "back": back}).location == "/"


def test_a_file_named_by_its_content_is_kept_a_year_and_others_are_asked_again(
    client: FlaskClient,
) -> None:
    named = client.get("/static/keys.js?v=abc")
    assert named.cache_control.max_age == ONE_YEAR
    bare = client.get("/static/keys.js")
    assert bare.cache_control.no_cache
    for answer in (named, bare):
        answer.close()


def test_pages_are_never_kept(client: FlaskClient) -> None:
    assert client.get("/style-guide").cache_control.no_store


def test_an_old_browser_finds_the_drawing(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico", follow_redirects=True)
    assert answer.mimetype == "image/svg+xml"
    answer.close()


def test_single_keys_can_be_turned_off_and_on(client: FlaskClient) -> None:
    assert "data-shortcuts" in client.get("/style-guide").get_data(as_text=True)
    client.post("/shortcuts", data={"shortcuts": "off", "back": "/style-guide"})
    assert "data-shortcuts" not in client.get("/style-guide").get_data(as_text=True)
    client.post("/shortcuts", data={"shortcuts": "on"})
    assert "data-shortcuts" in client.get("/style-guide").get_data(as_text=True)


def test_production_has_no_style_guide(make_app: MakeApp) -> None:
    production = make_app(Mode.PRODUCTION).test_client()
    for address in ("/style-guide", "/style-guide/case", "/style-guide/error/404"):
        assert production.get(address).status_code == 404
    assert production.post("/style-guide/form").status_code == 404


@pytest.mark.parametrize("name", ["parts", "case", "work", "forms", "tables", "unknown"])
def test_every_page_of_the_style_guide_is_drawn(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/style-guide/{name}")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("<h1") == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_every_error_has_a_page(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/style-guide/error/{status}")
    assert answer.status_code == status
    assert answer.get_data(as_text=True).count("<h1") == 1


def test_an_unknown_error_looks_like_an_unknown_page(client: FlaskClient) -> None:
    assert client.get("/style-guide/error/418").status_code == 404


def test_a_refused_form_keeps_every_word_and_names_every_field(client: FlaskClient) -> None:
    typed = {"what": "Op bezoek <b>", "how_it_went": "kort", "topics": ["school", "home"]}
    answer = client.post("/style-guide/form", data=typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Op bezoek &lt;b&gt;"' in text
    assert "\nkort</textarea>" in text
    assert text.count(" checked") == 2
    assert '<a href="#f-when">Wanneer</a>: Vul dit in.' in text
    assert "<title>Fout: " in text


def test_a_kept_draft_is_said_in_a_few_words(client: FlaskClient) -> None:
    answer = client.post("/style-guide/draft").get_data(as_text=True)
    assert answer.strip() == "Concept bewaard 11:05"


def test_an_accepted_form_says_so(client: FlaskClient) -> None:
    typed = {
        "route": "release",
        "kind": "gesprek",
        "what": "Op bezoek",
        "when": "2026-05-12",
        "how_it_went": "Dat ging goed.",
        "topics": "school",
        "is_urgent": ["false", "true"],
    }
    answer = client.post("/style-guide/form", data=typed)
    assert answer.status_code == 200
    assert "Alles is goed ingevuld." in answer.get_data(as_text=True)
