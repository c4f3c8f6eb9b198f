"""Which language a page speaks: the person's, then the browser session's, then the browser's."""

from flask import Flask
from flask.testing import FlaskClient

from config.errors import StoreUnavailableError
from pga.web import i18n

DUTCH = "Naar de inhoud"
ENGLISH = "Skip to the content"


def page(client: FlaskClient, accepts: str | None = None) -> str:
    headers = {"Accept-Language": accepts} if accepts else {}
    return client.get("/style-guide", headers=headers).get_data(as_text=True)


def test_dutch_is_the_default(client: FlaskClient) -> None:
    assert DUTCH in page(client)
    assert 'lang="nl"' in page(client)
    assert DUTCH in page(client, "fr")


def test_a_browser_that_asks_for_english_gets_english(client: FlaskClient) -> None:
    answer = page(client, "en-GB,en;q=0.9")
    assert ENGLISH in answer
    assert '<html lang="en"' in answer


def test_a_chosen_language_stays_for_the_browser_session(client: FlaskClient) -> None:
    switched = client.post("/language", data={"language": "en", "back": "/style-guide/case"})
    assert switched.status_code == 303
    assert switched.location == "/style-guide/case"
    assert ENGLISH in page(client, "nl")


def test_a_language_we_do_not_speak_changes_nothing(client: FlaskClient) -> None:
    client.post("/language", data={"language": "tlh"})
    assert DUTCH in page(client)


def test_the_language_follows_the_person(app: Flask, client: FlaskClient) -> None:
    kept: list[str] = []
    i18n.use_preference(app, i18n.Preference(read=lambda: "en", keep=kept.append))
    assert ENGLISH in page(client, "nl")
    client.post("/language", data={"language": "nl"})
    assert kept == ["nl"]


def test_a_failing_store_does_not_silence_the_page(app: Flask, client: FlaskClient) -> None:
    def fail() -> str | None:
        raise StoreUnavailableError

    i18n.use_preference(app, i18n.Preference(read=fail))
    assert DUTCH in page(client)


def test_outside_a_request_the_language_is_dutch(app: Flask) -> None:
    assert i18n.language() == "nl"
    with app.app_context():
        assert i18n.language() == "nl"


def test_texts_of_templates_fill_in_values_escaped_where_the_template_escapes(app: Flask) -> None:
    source = "{{ _('Use no more than %(max)s characters.', max='<3') }}"
    with app.test_request_context():
        plain = app.jinja_env.overlay(autoescape=False).from_string(source).render()
        assert plain == "Gebruik niet meer dan <3 tekens."
        assert "&lt;3" in app.jinja_env.overlay(autoescape=True).from_string(source).render()


def test_texts_of_templates_may_depend_on_a_number(app: Flask) -> None:
    source = "{% trans n=n %}{{ n }} case{% pluralize %}{{ n }} cases{% endtrans %}"
    with app.test_request_context():
        template = app.jinja_env.from_string(source)
        assert [template.render(n=n) for n in (1, 2)] == ["1 case", "2 cases"]


def test_a_fixed_part_is_written_once_for_each_language(app: Flask) -> None:
    closed = app.jinja_env.get_template("macros/status.html").module.status  # type: ignore[attr-defined]

    def written(spoken: str) -> str:
        with app.test_request_context(headers={"Accept-Language": spoken}):
            return i18n.written_once(closed, "closed")

    assert "<span>dicht</span>" in written("nl")
    assert "<span>closed</span>" in written("en")
    assert written("nl") is written("nl")
