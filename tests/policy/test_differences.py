"""Differences tell every change and its effect; derived agreements differ only as they say."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pga.policy.codes import Category, Partner, Stage, Track
from pga.policy.compile import compile_document
from pga.policy.derive import CellDeviation, LocalTerms, derivation_circle, derive
from pga.policy.diff import Difference, diff
from pga.policy.document import AgreementDocument, parse
from pga.policy.errors import OwnModelError
from pga.policy.terms import Header
from pga.policy.violations import prove_text

SOUND = (Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8")


@pytest.fixture
def sound() -> AgreementDocument:
    return parse(SOUND)


def between(old: str, new: str) -> Difference:
    """Compare the small agreement with one in which a piece of text is another."""
    assert SOUND.count(old) == 1
    after = parse(SOUND.replace(old, new))
    return diff(compile_document(parse(SOUND)), compile_document(after))


def test_an_agreement_does_not_differ_from_itself(sound: AgreementDocument) -> None:
    table = compile_document(sound)
    assert diff(table, table).is_empty


def test_a_wider_cell_is_a_gain_and_the_way_back_a_loss() -> None:
    wider = between("WOC: {D01: 1n/R2n, D05", "WOC: {D01: 1n/R2, D05")
    (change,) = wider.cells
    assert (change.before, change.after) == ("1n/R2n", "1n/R2")
    assert (change.gaining, change.losing) == ((Partner.WOC,), ())
    effect = next(each for each in change.gains if each.provider is Partner.GPR)
    assert (effect.before, effect.after) == ("named_recipient", "open")
    narrower = between("WOC: {D01: 1n/R2n, D05", "WOC: {D01: 1n/X, D05")
    (change,) = narrower.cells
    assert (change.gaining, change.losing) == ((), (Partner.WOC,))
    assert {each.after for each in change.loses} == {"closed"}


def test_an_earlier_phase_is_a_gain_in_that_stage_only() -> None:
    (change,) = between("GPR: {D01: 1/R1, D02: 1/R1n, D05: -/R2", "GPR: {D01: 1/R1, D02: 1/R1n,"
                        " D05: -/R1").cells  # fmt: skip
    assert {each.stage for each in change.gains} == {Stage.FIRST}
    assert {(each.before, each.after) for each in change.gains} == {
        ("closed", "disclosure_decision")
    }


def test_one_condition_for_another_is_both(sound: AgreementDocument) -> None:
    (change,) = between("SCH: {D01: 1n/R2n, D16", "SCH: {D01: 1t/R2n, D16").cells
    assert Partner.GPR in change.gaining
    assert Partner.GPR in change.losing
    assert sound.cell(Track.YOUTH, Partner.SCH, Category.D01).text == "1n/R2n"


def test_one_condition_more_is_a_loss() -> None:
    (change,) = between("SCH: {D01: 1n/R2n, D16", "SCH: {D01: 1nt/R2n, D16").cells
    assert change.gaining == ()
    assert change.losing == (Partner.GPR, Partner.POL, Partner.SCH, Partner.WOC)


def test_changes_outside_the_matrix_are_told_by_part_and_entry() -> None:
    changed = between("valid_until: 2027-12-31", "valid_until: 2026-12-31")
    assert [(term.part, term.entry) for term in changed.terms] == [("agreement", "valid_until")]
    changed = between("provide: WPG_20 | WPG_19", "provide: WPG_20")
    assert [(term.part, term.entry) for term in changed.terms] == [("legal_bases", "youth POL")]
    changed = between("{term: P1Y", "{term: P2Y")
    assert [(term.part, term.entry) for term in changed.terms] == [
        ("retention", "case_after_closing")
    ]
    assert not changed.cells
    assert not changed.is_empty


def local(sound: AgreementDocument) -> LocalTerms:
    return LocalTerms(
        name="Local agreement",
        municipality="GM0479",
        version="2",
        valid_from=date(2026, 5, 1),
        valid_until=date(2027, 4, 30),
        evaluation=date(2027, 1, 1),
        parties=sound.parties[:3],
    )


def test_a_derived_agreement_is_its_model_but_for_what_is_local(sound: AgreementDocument) -> None:
    made = derive(sound, local(sound))
    assert made.agreement.derived_from == "Small agreement 1.0"
    assert made.agreement.holds_on(date(2027, 4, 30))
    assert not made.agreement.holds_on(date(2027, 5, 1))
    assert replace(made, agreement=sound.agreement, parties=sound.parties) == sound


def test_a_deviation_gets_a_clause_of_its_own_that_nobody_has_confirmed(
    sound: AgreementDocument,
) -> None:
    school = CellDeviation(Track.YOUTH, Partner.SCH, Category.D01, "2n/R2n", "Later.", ("AVG 6",))
    plan = CellDeviation(Track.YOUTH, Partner.POL, Category.D16, "2/R2n", "Named.", ("AVG 6",))
    made = derive(sound, local(sound), [school, plan])
    assert made.cell(Track.YOUTH, Partner.SCH, Category.D01).text == "2n/R2n"
    found = {
        clause.id: clause
        for clause in made.clauses
        if clause.partner in {Partner.SCH, Partner.POL} and clause.track is Track.YOUTH
    }
    assert found["y.SCH.all"].categories == (Category.D02, Category.D16)
    own = found["y.SCH.lokaal-D01"]
    assert (own.text, own.articles, own.verified) == ("Later.", ("AVG 6",), False)
    # The clause on the plan spoke on nothing else, so only the local one is left.
    assert set(found) == {"y.SCH.all", "y.SCH.lokaal-D01", "y.POL.police", "y.POL.lokaal-D16"}
    assert prove_text(made) == []


def test_an_agreement_with_the_name_and_version_of_its_model_is_not_derived_from_it(
    sound: AgreementDocument,
) -> None:
    same = replace(local(sound), name="Small agreement", version="1.0")
    with pytest.raises(OwnModelError, match="another name or version"):
        derive(sound, same)


def title(name: str, derived_from: str) -> Header:
    day = date(2026, 1, 1)
    return Header(name, "", "1", derived_from, day, day, day)


def test_versions_that_derive_from_each_other_in_a_circle_are_found() -> None:
    chain = [title("A", ""), title("B", "A 1"), title("C", "B 1"), title("D", "gone 9")]
    assert derivation_circle(chain) == ()
    assert derivation_circle([]) == ()
    assert derivation_circle([*chain, title("A", "C 1")]) == ("A 1", "C 1", "B 1")
    outside = [title("Z", "B 1"), title("B", "C 1"), title("C", "B 1")]
    assert derivation_circle(outside) == ("B 1", "C 1")
    assert derivation_circle([title("A", "A 1")]) == ("A 1",)
