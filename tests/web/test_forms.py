"""A posted form becomes what JSON would hold, or comes back with every error and every word."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.datastructures import MultiDict

from pga.web import forms

pytestmark = pytest.mark.usefixtures("in_dutch")


class HolderSchema(Schema):
    source = fields.String(required=True)
    seen_on = fields.Date(allow_none=True, load_default=None)
    agrees = fields.Boolean(load_default=False)


class SampleSchema(Schema):
    title = fields.String(required=True, validate=validate.Length(max=10))
    kind = fields.String(validate=validate.OneOf(["a", "b"]))
    note = fields.String(allow_none=True)
    count = fields.Integer(validate=validate.Range(min=1, max=5))
    topics = fields.List(fields.String(validate=validate.OneOf(["x", "y"])))
    is_urgent = fields.Boolean()
    on = fields.Date(data_key="day")
    holders = fields.List(fields.Nested(HolderSchema))
    others = fields.Nested(HolderSchema, many=True)

    @validates_schema
    def _whole(self, data: dict[str, object], **_: object) -> None:
        if data.get("title") == "whole":
            message = "These two do not fit together."
            raise ValidationError(message)


def read(*pairs: tuple[str, str], schema: Schema | None = None) -> forms.Form:
    return forms.read(schema or SampleSchema(), MultiDict(pairs))


def test_a_good_form_gives_what_the_schema_loads() -> None:
    form = read(("csrf_token", "t"), ("title", "Huisbezoek"), ("count", "2"), ("day", "2026-05-12"))
    assert form.is_valid
    assert form.data["title"] == "Huisbezoek"
    assert form.data["count"] == 2
    assert form.data["on"].isoformat() == "2026-05-12"
    assert "csrf_token" not in form.values


def test_an_empty_text_is_no_value() -> None:
    form = read(("title", "  "), ("kind", ""))
    assert form.errors == {"title": ["Vul dit in."]}
    assert form.value("title") == "  "


def test_an_empty_text_clears_a_field_that_may_be_empty() -> None:
    assert read(("title", "x"), ("note", "")).data["note"] is None


def test_lines_of_a_text_end_as_json_would_end_them() -> None:
    assert read(("title", "a\r\nb")).data["title"] == "a\nb"


def test_a_character_that_no_database_keeps_is_left_out() -> None:
    form = read(("title", "Huis\0bezoek"), ("ti\0tle", "x"))
    assert form.data["title"] == form.value("title") == "Huisbezoek"
    assert set(form.values) == {"title"}


def test_a_list_holds_every_choice_and_may_be_absent() -> None:
    assert read(("title", "x"), ("topics", "x"), ("topics", "y")).data["topics"] == ["x", "y"]
    assert read(("title", "x"), ("topics", "x")).data["topics"] == ["x"]
    assert "topics" not in read(("title", "x")).data


def test_a_ticked_box_is_true_and_an_unticked_box_false() -> None:
    ticked = read(("title", "x"), ("is_urgent", "false"), ("is_urgent", "true"))
    assert ticked.data["is_urgent"] is True
    assert ticked.chosen("is_urgent") == ["false", "true"]
    assert ticked.value("is_urgent") == "true"
    assert read(("title", "x"), ("is_urgent", "false")).data["is_urgent"] is False


def test_a_field_the_schema_does_not_know_is_refused() -> None:
    form = read(("title", "x"), ("is_admin", "true"))
    assert form.errors == {"is_admin": ["Dit veld hoort niet bij het formulier."]}
    assert form.data == {}


def test_a_text_field_sent_twice_is_refused() -> None:
    assert read(("title", "x"), ("title", "y")).errors == {"title": ["Vul één tekst in."]}


def test_rows_of_parts_become_a_list_and_empty_rows_fall_away() -> None:
    form = read(
        ("title", "x"),
        ("holders.0.source", "BRP"),
        ("holders.0.seen_on", "2026-01-02"),
        ("holders.1.source", ""),
        ("holders.1.seen_on", ""),
        ("holders.1.agrees", "false"),
        ("others.0.source", "gezagsregister"),
    )
    assert [row["source"] for row in form.data["holders"]] == ["BRP"]
    assert [row["source"] for row in form.data["others"]] == ["gezagsregister"]


def test_an_error_in_a_row_stands_at_the_row_the_browser_numbered() -> None:
    form = read(
        ("title", "x"),
        ("holders.0.source", ""),
        ("holders.4.source", "BRP"),
        ("holders.7.agrees", "true"),
    )
    assert form.errors == {"holders.7.source": ["Vul dit in."]}


def test_a_dotted_name_that_is_no_part_is_refused() -> None:
    assert set(read(("title", "x"), ("title.0.a", "1"), ("kind.b", "2")).errors) == {
        "title.0.a",
        "kind.b",
    }


def test_an_error_of_an_item_stands_at_its_list_once() -> None:
    form = read(("title", "x"), ("topics", "q"), ("topics", "r"))
    assert form.errors == {"topics": ["Kies uit de lijst."]}


def test_an_error_of_the_whole_form_has_no_field_and_keeps_its_own_words() -> None:
    assert read(("title", "whole")).errors == {"": ["These two do not fit together."]}


@pytest.mark.parametrize(
    ("field", "texts", "said"),
    [
        (fields.Integer(), ["x"], "Vul een heel getal in."),
        (fields.Float(), ["x"], "Vul een getal in."),
        (fields.Boolean(), ["x"], "Kies ja of nee."),
        (fields.Date(), ["31-12-2026"], "Vul een datum in, zoals 31-12-2026."),
        (fields.AwareDateTime(), ["x"], "Vul een datum en een tijd in."),
        (fields.NaiveDateTime(), ["x"], "Vul een datum en een tijd in."),
        (fields.Time(), ["x"], "Vul een tijd in, zoals 14:30."),
        (fields.Email(), ["x"], "Vul een e-mailadres in, zoals naam@voorbeeld.nl."),
        (fields.UUID(), ["x"], "Kies uit de lijst."),
        (fields.String(validate=validate.OneOf(["a"])), ["x"], "Kies uit de lijst."),
        (fields.String(validate=validate.Length(min=3)), ["x"], "Gebruik 3 of meer tekens."),
        (fields.String(validate=validate.Length(max=1)), ["xx"], "Gebruik niet meer dan 1 tekens."),
        (fields.String(validate=validate.Length(2, 3)), ["x"], "Gebruik 2 tot 3 tekens."),
        (
            fields.Integer(validate=validate.Range(2, 3)),
            ["1"],
            "Vul een waarde in van 2 tot en met 3.",
        ),
        (fields.Integer(validate=validate.Range(min=2)), ["1"], "Vul 2 of meer in."),
        (fields.Integer(validate=validate.Range(max=2)), ["3"], "Vul 2 of minder in."),
        (
            fields.String(validate=validate.Regexp("^a$")),
            ["x"],
            "Dit is anders geschreven dan verwacht.",
        ),
        (fields.String(validate=validate.NoneOf(["x"])), ["x"], "Dit kan hier niet."),
        (fields.List(fields.String(), required=True), [], "Maak een keuze."),
        (
            fields.List(fields.String(), validate=validate.Length(min=2)),
            ["x"],
            "Kies er 2 of meer.",
        ),
        (
            fields.List(fields.String(), validate=validate.Length(max=1)),
            ["x", "y"],
            "Kies er niet meer dan 1.",
        ),
        (
            fields.List(fields.String(), validate=validate.ContainsOnly(["a"])),
            ["x"],
            "Kies uit de lijst.",
        ),
    ],
)
def test_what_a_schema_says_is_said_in_the_language_of_the_page(
    field: fields.Field[object], texts: list[str], said: str
) -> None:
    schema = Schema.from_dict({"it": field})()
    assert read(*[("it", text) for text in texts], schema=schema).errors == {"it": [said]}


def test_errors_are_english_for_who_reads_english(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert read(("title", "")).errors == {"title": ["Fill this in."]}


def test_a_refusal_of_the_service_joins_what_was_typed() -> None:
    form = read(("title", "x")).refused({"title": ["Fill this in."]})
    assert not form.is_valid
    assert form.errors == {"title": ["Vul dit in."]}
    assert form.value("title") == "x"


def test_a_blank_form_may_be_filled_in_beforehand() -> None:
    form = forms.blank(title="x", topics=["a", "b"])
    assert form.is_valid
    assert form.value("title") == "x"
    assert form.value("unknown") == ""
    assert form.chosen("unknown") == []
    assert form.chosen("title") == ["x"]
    assert form.value("topics") == "b"


def test_a_form_knows_its_fields_by_their_words() -> None:
    form = read(("title", ""))
    assert form.labelled("title", "Titel") == ["Vul dit in."]
    assert form.labels == {"title": "Titel"}


@given(
    st.lists(st.tuples(st.sampled_from(["title", "kind", "topics", "holders.0.source"]), st.text()))
)
def test_nothing_typed_is_ever_lost(pairs: list[tuple[str, str]]) -> None:
    with Flask("words").app_context():
        values = forms._typed(MultiDict(pairs))
    for name, text in pairs:
        typed = values[name]
        assert text in ([typed] if isinstance(typed, str) else typed)
