"""Examples on the web: written in words by who tests, run at every change, holding signing up."""

import re
from collections.abc import Mapping
from html import unescape

import pytest

from pga.agreements import queries
from pga.agreements.models import AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.rules import Step, unmet
from pga.agreements.service import drafting
from pga.agreements.service.standing import see
from pga.policy.codes import Category, Condition, Partner, PolicyAction, Purpose, Track
from pga.policy.document import parse
from pga.policy.editing import CellChange, ExampleChange, mark_at, place_of
from pga.policy.terms import Example
from tests.agreements.drafts import LAWYER, LEAD, OFFICER, Drafted, desk, drafted, set_state
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted

WORDS = "Reclassering ziet in de triage niets over gezondheid van de ggz."
NARROW: Mapping[str, str | list[str]] = {
    "track": "youth",
    "action": "consult",
    "consumer": "REC",
    "category": "D04",
    "provider": "LPR",
    "phase": "F1",
    "may": "false",
    "text": WORDS,
}
QUESTION = "F1 - LPR REC D04 consult 0"


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def path(town: Played[Drafted], rest: str = "") -> str:
    return f"/agreements/{town.made.draft.hex()}/examples{rest}"


def text(town: Played[Drafted]) -> str:
    return queries.agreements_by_id([town.made.draft])[town.made.draft].document


def examples(town: Played[Drafted]) -> tuple[Example, ...]:
    return parse(text(town)).examples


def mark(town: Played[Drafted], question: str = QUESTION) -> str:
    place = place_of(ExampleChange(Track.YOUTH, question, None))
    return mark_at(parse(text(town)), place)


def write(town: Played[Drafted], **more: str | list[str]) -> None:
    town.visitor("GPR", "Officer").do(path(town, "/change"), {**NARROW, **more})


def open_the_cells(town: Played[Drafted]) -> None:
    """Let probation see education in triage, so that the example is broken."""
    for partner, cell in (("REC", "X/R1"), ("LPR", "1/R2")):
        change = CellChange(Track.YOUTH, Partner(partner), Category.D04, cell, "Zo is het hier.")
        seen = mark_at(parse(text(town)), place_of(change))
        drafting.edit(desk(town.scene, LEAD, town.made.draft), change, seen=seen)


def test_the_privacy_officer_writes_an_example_in_words(town: Played[Drafted]) -> None:
    officer = town.visitor("GPR", "Officer")
    assert "Er is nog geen voorbeeld" in officer.read(path(town))
    page = officer.read(path(town, "/change?track=youth"))
    assert '<option value="REC">Reclassering</option>' in page
    write(town, conditions=["secrecy_release"], purpose="ORDER")
    (made,) = examples(town)
    assert made.text == WORDS
    assert (made.consumer, made.provider, made.category) == (
        Partner.REC,
        Partner.LPR,
        Category.D04,
    )
    assert (made.action, made.may, made.purpose) == (PolicyAction.CONSULT, False, Purpose.ORDER)
    assert made.conditions == (Condition.SECRECY_RELEASE,)
    page = officer.read(path(town))
    assert WORDS in page
    assert "Elk voorbeeld komt uit" in page
    assert "Ook niet met: een vrijgave uit het beroepsgeheim" in page
    assert "Regel R-03" in page


def test_an_example_that_does_not_come_out_says_so_as_soon_as_it_is_saved(
    town: Played[Drafted],
) -> None:
    officer = town.visitor("GPR", "Officer")
    officer.do(path(town, "/change"), {**NARROW, "may": "true"})
    page = officer.read(path(town))
    said = "Het komt nu niet uit. Volgens deze tekst mag het niet."
    assert said in page.partition("<h1")[0]
    officer.do(path(town, "/change"), {**NARROW, "question": QUESTION, "seen": mark(town)})
    assert "Het komt nu niet uit" not in officer.read(path(town))


def test_a_sentence_is_made_of_what_was_chosen_when_none_is_written(
    town: Played[Drafted],
) -> None:
    write(town, text="")
    (made,) = examples(town)
    assert made.text == "Reclassering mag in de triage niet zien: Onderwijs van Leerplicht."


def test_what_is_not_filled_in_is_said_beside_its_field_and_the_rest_is_kept(
    town: Played[Drafted],
) -> None:
    officer = town.visitor("GPR", "Officer")
    posted = {**NARROW, "may": "", "phase": "", "conditions": ["weighing_note"]}
    answer = officer.post(path(town, "/change"), posted)
    assert answer.status_code == 422
    assert answer.text.count("field__error") == 2
    assert WORDS in answer.text
    assert '<option value="REC" selected>' in answer.text
    assert 'value="weighing_note" checked' in " ".join(answer.text.split())
    assert examples(town) == ()


def test_what_cannot_stand_in_the_agreement_is_refused_and_kept(town: Played[Drafted]) -> None:
    officer = town.visitor("GPR", "Officer")
    answer = officer.post(path(town, "/change"), {**NARROW, "category": "G04"})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert officer.post(path(town, "/change"), {**NARROW, "track": "money_mule"}).status_code == 404
    assert examples(town) == ()


def test_one_question_has_one_answer(town: Played[Drafted]) -> None:
    write(town)
    officer = town.visitor("GPR", "Officer")
    answer = officer.post(path(town, "/change"), {**NARROW, "may": "true", "text": "Toch wel."})
    assert answer.status_code == 422
    assert "Een ander voorbeeld vraagt dit al." in answer.text
    assert "Toch wel." in answer.text
    assert [one.text for one in examples(town)] == [WORDS]


def test_an_example_is_changed_and_may_come_to_ask_something_else(town: Played[Drafted]) -> None:
    write(town)
    page = town.visitor("GPR", "Officer").read(
        path(town, f"/change?track=youth&question={QUESTION.replace(' ', '+')}")
    )
    assert WORDS in page
    assert f'name="seen" value="{mark(town)}"' in page
    write(town, question=QUESTION, seen=mark(town), text="Met andere woorden.")
    assert [one.text for one in examples(town)] == ["Met andere woorden."]
    write(town, question=QUESTION, seen=mark(town), phase="F2", may="true")
    (made,) = examples(town)
    assert (made.phase, made.may, made.text) == ("F2", True, WORDS)
    (last, *earlier) = edits_of(town.made.draft, most=9)
    assert [edit.place[:10] for edit in earlier].count("example yo") == 2
    assert last.place == f"reasked youth {QUESTION} > {made.question}"
    page = town.visitor("GPR", "Officer").read(f"/agreements/{town.made.draft.hex()}/history")
    assert "Voorbeeld dat iets anders vraagt · Reclassering in het casusoverleg" in page
    assert "Met andere woorden.<br>Reclassering mag in de triage niet zien" in page
    drafting.undo(desk(town.scene, OFFICER, town.made.draft), last.revision)
    assert [(one.phase, one.text) for one in examples(town)] == [("F1", "Met andere woorden.")]
    drafting.undo(desk(town.scene, OFFICER, town.made.draft), last.revision + 1)
    assert [(one.phase, one.text) for one in examples(town)] == [("F2", WORDS)]


def test_an_example_is_withdrawn_and_the_history_keeps_it(town: Played[Drafted]) -> None:
    write(town)
    officer = town.visitor("GPR", "Officer")
    gone = {"track": "youth", "question": QUESTION, "seen": mark(town)}
    officer.do(path(town, "/withdraw"), gone)
    assert examples(town) == ()
    page = officer.read(f"/agreements/{town.made.draft.hex()}/history")
    assert "Voorbeeld · Reclassering in de triage: Onderwijs van Leerplicht" in page
    assert f"{WORDS}<br>Reclassering mag in de triage niet zien" in page
    assert officer.post(path(town, "/withdraw"), gone).status_code == 404
    assert officer.post(path(town, "/withdraw"), {"track": "youth"}).status_code == 404
    assert officer.get(path(town, "/change?track=youth&question=F1")).status_code == 404


def test_two_officers_on_one_example_see_each_other_and_lose_nothing(
    town: Played[Drafted],
) -> None:
    write(town)
    seen = mark(town)
    write(town, question=QUESTION, seen=seen, text="De ander schreef dit.")
    officer = town.visitor("GPR", "Officer")
    mine = {**NARROW, "question": QUESTION, "seen": seen, "text": "Ik schreef dit."}
    answer = officer.post(path(town, "/change"), mine)
    assert answer.status_code == 409
    assert "Officer GPR wijzigde dit op" in answer.text
    assert "De ander schreef dit." in answer.text
    assert "Ik schreef dit." in answer.text
    officer.do(path(town, "/withdraw"), {"track": "youth", "question": QUESTION, "seen": seen})
    assert "De ander schreef dit." in officer.read(path(town))
    assert [one.text for one in examples(town)] == ["De ander schreef dit."]


def test_who_drafts_reads_the_examples_and_changes_none(town: Played[Drafted]) -> None:
    write(town)
    for name in ("", "Lawyer"):
        drafter = town.visitor("GPR", name)
        page = drafter.read(path(town))
        assert WORDS in page
        assert "De privacy officer schrijft de voorbeelden." in page
        assert "examples/change" not in page
        assert drafter.get(path(town, "/change?track=youth")).status_code == 403
        assert drafter.post(path(town, "/change"), NARROW).status_code == 403
        gone = {"track": "youth", "question": QUESTION, "seen": mark(town)}
        assert drafter.post(path(town, "/withdraw"), gone).status_code == 403
    assert len(examples(town)) == 1


def test_past_its_draft_the_examples_are_fixed_and_nothing_typed_is_lost(
    town: Played[Drafted],
) -> None:
    write(town)
    set_state(town.made.draft, AgreementState.LEGAL_CHECK)
    officer = town.visitor("GPR", "Officer")
    assert "examples/change" not in officer.read(path(town))
    answer = officer.post(path(town, "/change"), {**NARROW, "phase": "F2", "text": "Nog een."})
    assert answer.status_code == 409
    assert "Nog een." in answer.text
    assert len(examples(town)) == 1


def test_a_change_that_breaks_an_example_says_so_at_once_and_on_every_page(
    town: Played[Drafted],
) -> None:
    write(town)
    lead = town.visitor("GPR")
    cells = f"/agreements/{town.made.draft.hex()}/cells/youth/REC/D04"
    look = lead.post(cells, {"provide": "X", "consult": "R1", "look": "true"}).text
    assert "Dit voorbeeld komt niet meer uit" in look
    place = place_of(CellChange(Track.YOUTH, Partner.REC, Category.D04, ""))
    posted = {"provide": "X", "consult": "R1", "reason": "Zo is het hier."}
    lead.do(cells, {**posted, "seen": mark_at(parse(text(town)), place)})
    page = lead.read(cells)
    assert f"Hierdoor komt 1 voorbeeld niet meer uit: “{WORDS}”" in page
    assert "kan deze versie niet worden ondertekend" in page
    assert "1 voorbeeld komt niet uit" in lead.read(f"/agreements/{town.made.draft.hex()}/terms")
    listed = lead.read(path(town))
    assert "Volgens deze tekst mag het." in listed
    assert "Regel LPR&gt;REC:D04:consult" in listed
    (where,) = re.findall(r'href="([^"]*/who-may\?[^"]*)"', listed)
    reasons = lead.read(unescape(where))
    assert '<option value="first" selected>' in reasons
    assert '<option value="LPR" selected>' in reasons
    mend = lead.post(cells, {"provide": "X", "consult": "X", "look": "true"}).text
    assert "Dit voorbeeld komt dan uit:" in mend


def test_a_broken_example_holds_the_way_to_signing_up(town: Played[Drafted]) -> None:
    write(town)
    open_the_cells(town)
    seen = see(desk(town.scene, LEAD, town.made.draft).agreement)
    assert seen.standing.broken_examples == 1
    person = town.scene.who(*LAWYER).person_id
    for step in (Step.TO_LEGAL_CHECK, Step.OPEN_SIGNING, Step.ACTIVATE):
        assert "examples_hold" in unmet(step, seen.standing, person)
    page = town.visitor("GPR").read(f"/agreements/{town.made.draft.hex()}")
    assert f'{path(town)}"' in page


def test_the_list_costs_the_same_whatever_it_holds(town: Played[Drafted]) -> None:
    officer = town.visitor("GPR", "Officer")

    def cost() -> int:
        officer.read(path(town))
        with counted(town.app) as statements:
            officer.read(path(town))
        return sum(statements.values())

    few = cost()
    for phase in ("F1", "F2", "F3"):
        write(town, phase=phase)
    assert cost() == few
    assert few <= 8


def test_only_who_tests_may_write(town: Played[Drafted]) -> None:
    assert desk(town.scene, OFFICER, town.made.draft).may_test
    assert not desk(town.scene, LEAD, town.made.draft).may_test
