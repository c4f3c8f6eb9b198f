"""The macros say in words what they show, and tie words to controls."""

import re
from datetime import date

import pytest
from flask import Flask, render_template_string

from pga.web.forms import Form, blank

pytestmark = pytest.mark.usefixtures("in_dutch")


def draw(source: str, **values: object) -> str:
    return re.sub(r"\s+", " ", render_template_string(source, **values)).strip()


def draw_field(source: str, form: Form) -> str:
    return draw('{% import "macros/forms.html" as f %}' + source, form=form)


@pytest.mark.parametrize(
    ("state", "word"), [("open", "open"), ("closed", "dicht"), ("waiting", "wacht op u")]
)
def test_a_state_is_a_word_a_shape_and_a_colour(state: str, word: str) -> None:
    drawn = draw('{% from "macros/status.html" import status %}{{ status(s) }}', s=state)
    assert f"<span>{word}</span>" in drawn
    assert "<svg" in drawn
    assert f"status--{state}" in drawn


def test_each_state_has_a_shape_of_its_own() -> None:
    source = '{% from "macros/status.html" import status %}{{ status(s) }}'
    shapes = {
        re.findall(r"<svg.*?</svg>", draw(source, s=state))[0]
        for state in ("open", "closed", "waiting")
    }
    assert len(shapes) == 3


def test_why_opens_without_a_script_and_says_what_it_explains() -> None:
    drawn = draw(
        '{% from "macros/why.html" import why %}{{ why(lines, about="Gezondheid") }}',
        lines=[("Fill this in.", "artikel 7"), "Choose yes or no.", blank_message()],
    )
    assert drawn.startswith('<details class="why">')
    assert 'Waarom?<span class="visually-hidden"> Gezondheid</span>' in drawn
    assert "Kies er 2 of meer." in drawn
    assert "artikel 7" in drawn


def blank_message() -> object:
    class Message:
        id = "Choose %(min)s or more."
        values = {"min": 2}  # noqa: RUF012 - a specimen

    return Message()


def test_every_cell_of_a_table_knows_its_head() -> None:
    drawn = draw(
        '{% from "macros/table.html" import plain_table %}{{ plain_table("Kop", h, r) }}',
        h=["Wanneer", "Wie"],
        r=[["vandaag", "<b>ik</b>"]],
    )
    assert 'data-label="Wanneer"' in drawn
    assert "&lt;b&gt;ik&lt;/b&gt;" in drawn
    assert '<caption class="utrecht-table__caption">Kop</caption>' in drawn
    assert drawn.count('role="row"') == 2


def test_a_short_list_has_no_pages() -> None:
    source = '{% from "macros/table.html" import pager %}{{ pager(1, n, None, "/p2") }}'
    assert draw(source, n=1) == ""
    assert "Pagina 1 van 3" in draw(source, n=3)
    assert 'rel="prev"' not in draw(source, n=3)


def test_a_chart_says_its_figures_in_words_and_in_a_table() -> None:
    source = '{% from "macros/chart.html" import bars %}{{ bars("b", "Inzage", rows) }}'
    drawn = draw(source, rows=[("Gezien", 4), ("Geweigerd", 2)])
    assert '<desc id="b-text">Gezien: 4. Geweigerd: 2. </desc>' in drawn
    assert 'width="400.0"' in drawn
    assert 'width="200.0"' in drawn
    assert "<table" in drawn
    assert 'width="0"' in draw(source, rows=[("Gezien", 0)])
    assert "Er valt nog niets te tellen." in draw(source, rows=[])


def test_a_button_that_changes_something_is_a_post_with_a_token(app: Flask) -> None:
    assert app.testing
    drawn = draw(
        '{% from "macros/button_form.html" import button_form %}'
        '{{ button_form("/x", "Gedaan", values={"item": "ab"}, about="huisbezoek", small=True) }}'
    )
    assert '<form class="button-form" method="post" action="/x">' in drawn
    assert 'name="csrf_token" value="' in drawn
    assert 'name="item" value="ab"' in drawn
    assert 'Gedaan<span class="visually-hidden"> huisbezoek</span>' in drawn


def test_an_event_names_its_day_for_people_and_machines() -> None:
    drawn = draw(
        '{% from "macros/timeline.html" import timeline, event %}'
        '{% call timeline("Tijdlijn") %}'
        '{{ event(d, "huisbezoek", kind="Interventie") }}{% endcall %}',
        d=date(2020, 5, 12),
    )
    assert '<time class="event__when" datetime="2020-05-12">12 mei 2020</time>' in drawn


def test_readers_are_named_before_saving() -> None:
    source = '{% from "macros/readers.html" import readers %}{{ readers(names, later) }}'
    named = draw(source, names=["Politie", "School"], later=[("GGZ", "na toestemming")])
    assert "Dit kunnen lezen:</strong> Politie; School." in named
    assert "Pas later: GGZ, na toestemming." in named
    assert "Alleen uw eigen organisatie" in draw(source, names=[], later=[])


def test_empty_facts_fall_away() -> None:
    drawn = draw(
        '{% from "macros/facts.html" import facts, data_list %}'
        '{{ facts(["a", "", None, "b"]) }}{{ data_list([("k", "v"), ("leeg", ""), ("nul", 0)]) }}'
    )
    assert drawn.count("facts__part") == 2
    assert "leeg" not in drawn
    assert "<dd>0</dd>" in drawn


def test_a_field_is_tied_to_its_label_hint_and_error() -> None:
    form = Form({"what": 'a"b'}, {"what": ["Vul dit in."]})
    drawn = draw_field('{{ f.text(form, "what", "Wat", hint="Kort") }}', form)
    assert '<label class="utrecht-form-label" for="f-what">Wat</label>' in drawn
    assert 'id="f-what" name="what" value="a&#34;b"' in drawn
    assert 'aria-describedby="f-what-error f-what-hint" aria-invalid="true"' in drawn
    assert "<span>Vul dit in.</span>" in drawn
    assert form.labels == {"what": "Wat"}


def test_a_password_is_never_sent_back() -> None:
    drawn = draw_field('{{ f.text(form, "p", "Wachtwoord", type="password") }}', blank(p="geheim"))
    assert "geheim" not in drawn


def test_what_is_not_required_says_so() -> None:
    drawn = draw_field('{{ f.textarea(form, "n", "Opmerking", optional=True) }}', blank())
    assert "(niet verplicht)" in drawn
    assert "required" not in drawn


def test_choices_keep_what_was_chosen() -> None:
    choices = [("a", "A"), ("b", "B", "uitleg")]
    source = (
        '{{ f.radios(form, "r", "R", c) }}{{ f.checkboxes(form, "l", "L", c) }}'
        '{{ f.select(form, "s", "S", c, groups=[("G", [(3, "drie")])]) }}'
        '{{ f.checkbox(form, "x", "X", hint="h") }}{{ f.date(form, "d", "D", min="2026-01-01") }}'
    )
    form = blank(r="b", l=["a", "b"], s="3", x=["false", "true"], d="2026-05-12")
    drawn = draw('{% import "macros/forms.html" as f %}' + source, form=form, c=choices)
    assert drawn.count(" checked") == 4
    assert '<option value="3" selected>drie</option>' in drawn
    assert 'value="2026-05-12" min="2026-01-01"' in drawn
    assert 'aria-describedby="f-r-about-1"' in drawn


def test_the_first_control_of_a_group_answers_to_the_link_of_the_summary() -> None:
    form = Form(errors={"r": ["Vul dit in."]})
    drawn = draw_field('{{ f.radios(form, "r", "R", [("a", "A"), ("b", "B")]) }}', form)
    assert 'id="f-r" name="r" value="a"' in drawn


def test_the_summary_stands_above_the_fields_and_names_each_by_its_label() -> None:
    form = Form(errors={"what": ["Vul dit in."], "": ["Dit past niet."], "odd": ["Raar."]})
    drawn = draw_field(
        '{% call f.form(form, "/x") %}{{ f.text(form, "what", "Wat") }}{{ f.submit("Opslaan") }}'
        "{% endcall %}",
        form,
    )
    assert drawn.index("error-summary") < drawn.index("<form")
    assert '<a href="#f-what">Wat</a>: Vul dit in.' in drawn
    assert "<li>Dit past niet.</li>" in drawn
    assert "<li>odd: Raar.</li>" in drawn
    assert 'name="csrf_token"' in drawn


def test_a_draft_says_when_it_was_kept() -> None:
    source = '{{ f.draft_line("/draft", at) }}'
    drawn = draw('{% import "macros/forms.html" as f %}' + source, at=None)
    assert 'hx-post="/draft"' in drawn
    assert "Concept bewaard" not in drawn


def test_nothing_is_a_sentence_and_a_way_on() -> None:
    source = (
        '{% from "macros/empty.html" import empty %}{{ empty("Niets.", "Uitleg", "/x", "Verder") }}'
    )
    assert '<a href="/x">Verder</a>' in draw(source)
    assert "Uitleg" in draw(source)


def test_where_one_is_ends_with_the_page_itself() -> None:
    drawn = draw(
        '{% from "macros/breadcrumb.html" import breadcrumb %}'
        '{{ breadcrumb([("/cases", "Casussen"), ("", "2026-0147")]) }}'
    )
    assert '<span aria-current="page">2026-0147</span>' in drawn


def test_an_error_interrupts_and_other_news_does_not() -> None:
    source = '{% from "macros/alert.html" import alert %}{% call alert(k) %}x{% endcall %}'
    assert 'role="alert"' in draw(source, k="error")
    assert 'role="alert"' not in draw(source, k="success")
