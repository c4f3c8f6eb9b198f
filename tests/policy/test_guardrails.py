"""Guardrails are proven over the text and over everything it compiles to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from pga.policy.catalogue import CellSide
from pga.policy.catalogue_text import current
from pga.policy.cells import parse_cell
from pga.policy.codes import (
    BIT,
    CATEGORIES,
    CRIMINAL,
    PLAN_AND_ACTIONS,
    Category,
    Condition,
    Exclusion,
    NonPurpose,
    Partner,
    PolicyAction,
    Purpose,
    Stage,
    Track,
)
from pga.policy.compile import Key, Standpoint, Table, compile_document, standpoint
from pga.policy.demands import broken
from pga.policy.document import AgreementDocument, parse
from pga.policy.guardrails import GuardrailError, prove
from pga.policy.laws import read_basis
from pga.policy.limits import standing
from pga.policy.terms import RetentionObject, RetentionTerm, Term
from pga.policy.violations import prove_text

SOUND = (Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8")
OPEN = "1/R1"


@pytest.fixture
def sound() -> AgreementDocument:
    return parse(SOUND)


def with_cell(
    document: AgreementDocument, partner: Partner, category: Category, text: str
) -> AgreementDocument:
    track = Track.YOUTH if category in CATEGORIES[Track.YOUTH] else Track.MONEY_MULE
    rows = dict(document.matrix[track])
    rows[partner] = MappingProxyType({**rows.get(partner, {}), category: parse_cell(text)})
    return replace(document, matrix={**document.matrix, track: MappingProxyType(rows)})


def limits_broken(partner: Partner, category: Category, text: str) -> set[str]:
    cell = parse_cell(text)
    return {limit.check.code for limit in standing().on(partner, category) if limit.broken(cell)}


def every_place() -> Iterator[tuple[Partner, Category]]:
    for partner in Partner:
        for codes in CATEGORIES.values():
            for category in codes:
                yield partner, category


def test_an_open_cell_breaks_exactly_the_limits_of_the_law() -> None:
    for partner, category in every_place():
        expected = set()
        if partner in {"WOC", "SCH", "JWK"} and category in CRIMINAL:
            expected.add("G1")
        if category not in PLAN_AND_ACTIONS and (
            partner in {"POL", "OM"} or (partner, category) == ("DJI", "D06")
        ):
            expected.add("G2")
        if category == "D07" or (
            partner in {"GGD", "GGZ", "JHA", "MEE"} and category not in PLAN_AND_ACTIONS
        ):
            expected.add("G3")
        if category == "D02" and partner not in {"GPR", "GCR", "GI", "RVK"}:
            expected.add("G4")
        if category == "G10":
            expected.add("G5")
        if category in {"D05", "G03", "G05"}:
            expected.add("R-14")
        if partner in {"GCR", "DBT"} and category in {"D11", "G07"}:
            expected.add("R-20")
        if partner == "BANK":
            expected.add("BANK")
        assert limits_broken(partner, category, OPEN) == expected


def test_a_closed_cell_breaks_no_limit() -> None:
    for partner, category in every_place():
        assert limits_broken(partner, category, "X/X") == set()


def test_a_handover_is_for_the_care_and_safety_house_alone() -> None:
    for partner, category in every_place():
        takes = partner == "ZVH"
        assert limits_broken(partner, category, "-/handover") == (set() if takes else {"R-27"})


def test_the_suffix_that_the_law_asks_repairs_the_cell() -> None:
    assert limits_broken(Partner.POL, Category.D01, "1b/R1") == set()
    assert limits_broken(Partner.GGZ, Category.D07, "2t/R2t") == set()
    assert limits_broken(Partner.GGZ, Category.D07, "2t/R2") == {"G3"}
    assert limits_broken(Partner.GCR, Category.D07, "X/o") == set()


def test_own_criminal_data_of_a_school_is_no_exception() -> None:
    assert limits_broken(Partner.SCH, Category.D05, "X/o") == {"G1"}


def test_a_sound_agreement_is_proven(sound: AgreementDocument) -> None:
    assert prove(sound) == []
    assert prove(sound, compile_document(sound)) == []


def test_an_agreement_that_breaks_a_limit_has_no_table(sound: AgreementDocument) -> None:
    changed = with_cell(sound, Partner.WOC, Category.D05, "X/R2")
    with pytest.raises(GuardrailError) as caught:
        compile_document(changed)
    assert [each.guardrail for each in caught.value.violations] == ["G1"]


@pytest.mark.parametrize(
    ("partner", "category", "cell", "guardrail"),
    [
        (Partner.POL, Category.D01, "1/R1", "G2"),
        (Partner.GGZ, Category.D10, "2/R2n", "G3"),
        (Partner.SCH, Category.D02, "X/R2", "G4"),
        (Partner.GPR, Category.G10, "1/R1", "G5"),
    ],
)
def test_the_proof_over_the_table_finds_what_the_text_would_have_told(
    sound: AgreementDocument, partner: Partner, category: Category, cell: str, guardrail: str
) -> None:
    """A table made past the check on the text: its own proof finds the fault again."""
    changed = with_cell(sound, partner, category, cell)
    found = prove(sound, Table(changed))
    assert {each.guardrail for each in found} == {guardrail}
    assert {each.text.split(":")[0] for each in found} == {"compiled"}
    assert {each.proposal for each in found} == {None}


def test_what_the_text_already_breaks_is_not_told_again(sound: AgreementDocument) -> None:
    changed = with_cell(sound, Partner.POL, Category.D01, "1/R1")
    assert len(prove(changed, Table(changed))) == 1
    read_by_school = with_cell(sound, Partner.SCH, Category.D02, "X/R2")
    assert len(prove(read_by_school, Table(read_by_school))) == 1


HERE = {
    "track": Track.YOUTH,
    "stage": Stage.FULL,
    "purpose": Purpose.HELP,
    "consumer": Partner.GPR,
}


def at(*, under_12: bool = False, **facts: object) -> Standpoint:
    return standpoint(**{**HERE, **facts}, under_12=under_12)


@pytest.mark.parametrize(
    ("where", "provider", "category", "guardrail"),
    [
        (at(consumer=Partner.WOC), Partner.GCR, Category.D05, "G1"),
        (at(), Partner.POL, Category.D01, "G2"),
        (at(), Partner.GGZ, Category.D01, "G3"),
        (at(consumer=Partner.SCH), Partner.GPR, Category.D02, "G4"),
        (at(), Partner.GCR, Category.G10, "G5"),
        (at(consumer=Partner.JWK), Partner.OM, Category.D14, "P1"),
        (at(under_12=True), Partner.GCR, Category.D06, "P2"),
        (at(purpose=None), Partner.GCR, Category.D01, "R-02"),
        (at(stage=Stage.CLOSED), Partner.GCR, Category.D01, "R-03"),
        (at(), Partner.REC, Category.D05, "R-14"),
        (at(), Partner.DBT, Category.G07, "R-20"),
        (at(consumer=Partner.BANK), Partner.GCR, Category.D01, "BANK"),
        (at(stage=Stage.INTAKE), Partner.GCR, Category.D01, "INTAKE"),
        (at(), Partner.GCR, Category.SIGNAL, "INTAKE"),
        (at(stage=Stage.INTAKE, consumer=Partner.POL), Partner.GCR, Category.SIGNAL, "INTAKE"),
        (at(stage=Stage.AFTERCARE, consumer=Partner.GI), Partner.GCR, Category.D01, "AFTERCARE"),
        (at(stage=Stage.AFTERCARE, consumer=Partner.GI), Partner.GCR, Category.D03, "AFTERCARE"),
    ],
)
def test_each_limit_is_stated_a_second_time_over_compiled_cells(
    where: Standpoint, provider: Partner, category: Category, guardrail: str
) -> None:
    key: Key = (provider, category, PolicyAction.CONSULT)
    assert guardrail in {check.code for check in broken(current(), where, key, 0)}


def test_what_the_law_leaves_free_breaks_no_limit() -> None:
    key: Key = (Partner.GCR, Category.D01, PolicyAction.CONSULT)
    assert broken(current(), at(), key, 0) == ()
    assert broken(current(), at(stage=Stage.AFTERCARE), key, 0) == ()
    signal: Key = (Partner.GCR, Category.SIGNAL, PolicyAction.CONSULT)
    assert broken(current(), at(stage=Stage.INTAKE), signal, 0) == ()
    named = BIT[Condition.AFTERCARE_PARTNER]
    assert broken(current(), at(stage=Stage.AFTERCARE, consumer=Partner.GI), key, named) == ()


def test_what_the_law_needs_of_a_provider_is_asked_of_its_signal_too() -> None:
    for partner, is_asked in ((Partner.POL, True), (Partner.MEE, True), (Partner.SCH, False)):
        assert bool(standing().needed(CellSide.PROVIDE, partner, Category.SIGNAL)) is is_asked


def test_consent_is_refused_wherever_a_basis_is_stated(sound: AgreementDocument) -> None:
    row = sound.legal_bases[Track.YOUTH][Partner.SCH]
    consent = dict.fromkeys(row.receive, read_basis("CONSENT"))
    rows = {**sound.legal_bases[Track.YOUTH], Partner.SCH: replace(row, receive=consent)}
    received = replace(sound, legal_bases={**sound.legal_bases, Track.YOUTH: rows})
    assert [each.guardrail for each in prove_text(received)] == ["R-24"]
    clauses = tuple(
        replace(clause, basis=read_basis("AVG_6_1_e + TOESTEMMING")) if clause.basis else clause
        for clause in sound.clauses
    )
    (found,) = prove_text(replace(sound, clauses=clauses))
    assert (found.guardrail, found.clause) == ("R-24", "y.POL.plan")


def test_an_open_cell_needs_a_clause_and_a_basis(sound: AgreementDocument) -> None:
    no_row = with_cell(sound, Partner.REC, Category.D01, "1/R1")
    assert [each.text for each in prove_text(no_row)] == [
        "no clause speaks on this cell",
        "this cell has no legal basis",
    ]
    row = sound.legal_bases[Track.YOUTH][Partner.SCH]
    for side in ("provide", "receive"):
        rows = {**sound.legal_bases[Track.YOUTH], Partner.SCH: replace(row, **{side: {}})}
        lacking = replace(sound, legal_bases={**sound.legal_bases, Track.YOUTH: rows})
        assert {each.guardrail for each in prove_text(lacking)} == {"R-05"}


def test_who_brings_health_or_criminal_data_names_the_exception(sound: AgreementDocument) -> None:
    silent = tuple(replace(clause, exception="") for clause in sound.clauses)
    found = prove_text(replace(sound, clauses=silent))
    assert [(each.guardrail, each.partner, each.category) for each in found] == [
        ("AVG-9", Partner.GGZ, Category.D07),
        ("AVG-10", Partner.DJI, Category.D06),
    ]


def test_a_flow_without_a_basis_states_none(sound: AgreementDocument) -> None:
    opened = with_cell(
        with_cell(sound, Partner.REC, Category.D01, OPEN), Partner.HLT, Category.D01, OPEN
    )
    where = at(consumer=Partner.HLT)
    found = Table(opened).answer(where, (Partner.REC, Category.D01, PolicyAction.CONSULT), 0)
    assert found.is_allowed
    assert not any((*found.legal_basis, *found.exception_9_10, found.clause, found.secrecy))
    assert not found.verified


def test_an_agreement_must_rule_out_what_every_one_rules_out(sound: AgreementDocument) -> None:
    def without(code: NonPurpose) -> AgreementDocument:
        kept = tuple(term for term in sound.non_purposes if term.code is not code)
        return replace(sound, non_purposes=kept)

    assert [each.guardrail for each in prove_text(without(NonPurpose.INVESTIGATION))] == ["R-08"]
    assert [each.guardrail for each in prove_text(without(NonPurpose.AUTOMATED_SELECTION))] == [
        "R-09"
    ]
    first, *others = sound.track_terms
    siblings = replace(first, exclusions=(Exclusion.SIBLINGS,))
    changed = replace(sound, track_terms=(siblings, *others))
    assert [each.guardrail for each in prove_text(changed)] == ["R-06", "R-07"]
    young = replace(first, age_from=11)
    (found,) = prove_text(replace(sound, track_terms=(young, *others)))
    assert (found.guardrail, found.track) == ("AGE", first.code)


def test_a_closed_case_is_kept_five_years_at_most(sound: AgreementDocument) -> None:
    kept = RetentionTerm(RetentionObject.CASE_AFTER_CLOSING, Term("P6Y"), "Six.", "None")
    (found,) = prove_text(replace(sound, retention=(kept,)))
    assert found.guardrail == "RETENTION"
    criminal = RetentionTerm(RetentionObject.CRIMINAL_ITEMS, Term("P2Y"), "Two.", "None")
    (found,) = prove_text(replace(sound, retention=(criminal,)))
    assert found.guardrail == "RETENTION-CRIMINAL"
    log = RetentionTerm(RetentionObject.AUDIT_LOG, Term("P9Y"), "Nine.", "None")
    assert prove_text(replace(sound, retention=(log,))) == []
