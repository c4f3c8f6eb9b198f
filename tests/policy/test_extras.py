"""What an agreement may say besides is part of it: read as strictly, written back, and signed."""

from dataclasses import replace
from pathlib import Path

import pytest

from pga.policy.codes import Category, Condition, NonPurpose, Partner, Phase, PolicyAction, Track
from pga.policy.document import AgreementDocument, DocumentError, dump, parse
from pga.policy.places import Place, PlaceError, PlaceKind, overlap, read_place
from pga.policy.terms import Example, NonPurposeTerm, Remark
from pga.policy.writing import hash_of, to_data

SOUND = (Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8")
EXTRAS = """\
remarks:
  youth:
    POL:
      D05: {reason: The chief asked for it., comment: See the minutes.}
      D16: {comment: As in the model.}
reasons:
  retention case_after_closing: One year is enough here.
  clause youth POL y.POL.police: Shorter.
examples:
- {text: Care shows no content in triage., track: youth, phase: F1, provider: GGZ, consumer: SCH, category: D07, action: consult, conditions: [step_up, weighing_note], may: false}
- {text: Police bring identity., track: youth, phase: F2, provider: POL, consumer: GPR, category: D01, action: provide, purpose: ORDER, conditions: [disclosure_decision], may: true}
- {text: A bank sees nothing., track: money_mule, phase: F2, provider: POL, consumer: BANK, category: G10, action: consult, may: false}
"""  # noqa: E501
FULL = SOUND + EXTRAS


@pytest.fixture(scope="module")
def full() -> AgreementDocument:
    return parse(FULL)


def test_remarks_reasons_and_examples_are_read(full: AgreementDocument) -> None:
    said = full.remark(Track.YOUTH, Partner.POL, Category.D05)
    assert said == Remark("The chief asked for it.", "See the minutes.")
    assert full.remark(Track.YOUTH, Partner.WOC, Category.D01) == Remark()
    assert full.reasons["retention case_after_closing"] == "One year is enough here."
    care, police, bank = full.examples
    assert care == Example(
        text="Care shows no content in triage.",
        track=Track.YOUTH,
        phase=Phase.F1,
        provider=Partner.GGZ,
        consumer=Partner.SCH,
        category=Category.D07,
        action=PolicyAction.CONSULT,
        may=False,
        conditions=(Condition.WEIGHING_NOTE, Condition.STEP_UP),
    )
    assert police.question == "F2 ORDER POL GPR D01 provide 8"
    assert bank.question == "F2 - POL BANK G10 consult 0"


def test_what_is_said_besides_is_written_back_the_same(full: AgreementDocument) -> None:
    assert parse(dump(full)) == full


def test_an_agreement_that_says_nothing_besides_is_written_as_before() -> None:
    written = to_data(parse(SOUND))
    assert not {"remarks", "reasons", "examples"} & written.keys()
    assert parse(SOUND + "remarks: {youth: {POL: {}}}\nreasons: {}\nexamples: []\n") == parse(SOUND)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("See the minutes.", "See the letter."),
        ("The chief asked for it.", "The mayor asked for it."),
        ("One year is enough here.", "One year."),
        ("category: D07, action: consult", "category: D10, action: consult"),
    ],
)
def test_who_signs_signs_all_of_it(full: AgreementDocument, was: str, now: str) -> None:
    assert FULL.count(was) == 1
    assert hash_of(parse(FULL.replace(was, now))) != hash_of(full)


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        ("    POL:\n      D05: {re", "    XYZ:\n      D05: {re", "'XYZ' is no known partner"),
        ("    POL:\n      D05: {re", "    BANK:\n      D05: {re", "a bank is never a party"),
        ("      D05: {reason", "      D99: {reason", "'D99' is no known category"),
        ("      D05: {reason", "      G05: {reason", "G05 is no category of track youth"),
        ("{comment: As in the model.}", "{}", "the remark on POL D16 is empty"),
        ("{comment: As in the model.}", "{remark: x}", "unknown key 'remark'"),
        ("remarks:\n  youth:", "remarks:\n  adults:", "'adults' is no known track"),
        ("retention case_after_closing", "retention forever", "'retention forever' is no known"),
        ("retention case_after_closing", "cell youth POL D05", "'cell youth POL D05' is no known"),
        ("One year is enough here.", '""', "the reason for retention case_after_closing is empty"),
        ("  clause youth", "  retention case_after_closing: x\n  clause youth", "stands twice"),
        ("text: Police bring identity., ", "", "an example has no 'text'"),
        ("text: Police bring identity.", "text: ''", "text is empty"),
        ("phase: F2, provider: POL, consumer: GPR", "phase: F9, provider: POL, consumer: GPR",
         "'F9' is no known phase"),
        ("provider: GGZ", "provider: XYZ", "'XYZ' is no known partner"),
        ("consumer: SCH", "consumer: XYZ", "'XYZ' is no known partner"),
        ("category: D07", "category: D99", "'D99' is no known category"),
        ("category: D07", "category: G01", "G01 is no category of track youth"),
        ("category: D07", "category: LOG", "LOG is no category of track youth"),
        ("action: provide", "action: oversee", "'oversee' is no known action of an example"),
        ("action: provide", "action: steal", "'steal' is no known action"),
        ("purpose: ORDER", "purpose: PREVENTION", "PREVENTION is no purpose of this track"),
        ("purpose: ORDER", "purpose: FUN", "'FUN' is no known purpose"),
        ("[step_up, weighing_note]", "[step_up, luck]", "'luck' is no known condition"),
        ("may: true", "may: ja", "may must be true or false"),
        ("track: youth, phase: F1", "track: adults, phase: F1", "'adults' is no known track"),
    ],
)  # fmt: skip
def test_a_fault_in_what_is_said_besides_is_told_by_its_line(
    sound: str, broken: str, fault: str
) -> None:
    assert FULL.count(sound) >= 1
    with pytest.raises(DocumentError) as caught:
        parse(FULL.replace(sound, broken, 1))
    lines = [each.line for each in caught.value.problems if fault in each.text]
    assert lines
    assert len(SOUND.splitlines()) < lines[0] <= len(FULL.splitlines())


def test_one_question_has_one_answer() -> None:
    again = FULL.replace("text: Care shows", "text: Health care shows").splitlines()[-3]
    other = again.replace("[step_up, weighing_note]", "[weighing_note, step_up]")
    with pytest.raises(DocumentError) as caught:
        parse(FULL + other)
    (problem,) = caught.value.problems
    assert problem.line == len(FULL.splitlines()) + 1
    assert problem.text == (
        "the example 'Health care shows no content in triage.' asks what another already asks"
    )


def test_an_agreement_is_not_derived_from_itself() -> None:
    text = SOUND.replace('derived_from: ""', "derived_from: Small agreement 1.0")
    with pytest.raises(DocumentError, match=r"line 2: derived_from names the agreement itself"):
        parse(text)


def test_a_purpose_is_ruled_out_once_and_an_id_is_short() -> None:
    twice = SOUND.replace("code: BENEFITS_SANCTION", "code: INVESTIGATION")
    with pytest.raises(DocumentError, match="non-purpose INVESTIGATION stands twice"):
        parse(twice)
    with pytest.raises(DocumentError, match="id is longer than 80 characters"):
        parse(SOUND.replace("id: y.POL.plan", f"id: {'y' * 81}"))
    document = parse(SOUND)
    assert document.non_purposes[0] == NonPurposeTerm(
        NonPurpose.INVESTIGATION, "Not for investigation."
    )
    assert replace(document) == document


@pytest.mark.parametrize(
    "text",
    [
        "cell youth POL D05",
        "row money_mule POL",
        "clause youth POL a clause, with words",
        "clauses youth POL",
        "verified youth POL y.POL.plan",
        "header period",
        "party POL",
        "purpose youth HELP",
        "non_purpose INVESTIGATION",
        "phase F2",
        "track youth",
        "basis youth POL",
        "retention case_after_closing",
        "example youth F1 - GGZ SCH D07 consult 0",
        "document",
    ],
)
def test_a_place_is_written_as_it_is_read(text: str) -> None:
    assert str(read_place(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cell",
        "cell youth POL",
        "cell youth POL G05",
        "cell adults POL D05",
        "cell youth XYZ D05",
        "cell youth BANK D05",
        "row youth POL D05",
        "clause youth POL ",
        "clause youth POL  x",
        "header municipality",
        "purpose youth PREVENTION",
        "document whole",
        "place youth",
    ],
)
def test_a_text_that_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceError):
        read_place(text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("cell youth POL D05", "cell youth POL D05", True),
        ("cell youth POL D05", "cell youth POL D06", False),
        ("cell youth POL D05", "row youth POL", True),
        ("row youth POL", "row youth OM", False),
        ("row youth POL", "clauses youth POL", False),
        ("clauses youth POL", "clause youth POL x", True),
        ("clause youth POL x", "clause youth POL y", False),
        ("verified youth POL x", "cell youth POL D05", True),
        ("verified youth POL x", "basis youth POL", True),
        ("verified youth POL x", "basis youth OM", False),
        ("verified youth POL x", "example youth x", False),
        ("party POL", "phase F1", False),
        ("header name", "header version", False),
        ("document", "phase F1", True),
    ],
)
def test_places_overlap_where_one_change_touches_the_other(
    one: str, other: str, *, expected: bool
) -> None:
    assert overlap(read_place(one), read_place(other)) is expected
    assert overlap(read_place(other), read_place(one)) is expected


def test_a_place_is_taken_apart() -> None:
    assert read_place("cell youth POL D05") == Place(
        PlaceKind.CELL, Track.YOUTH, Partner.POL, "D05"
    )
