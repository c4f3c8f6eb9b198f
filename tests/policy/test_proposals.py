"""A violation proposes the nearest repair, and the repair repairs."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.cells import Cell, parse_cell
from pga.policy.codes import Category, Exclusion, NonPurpose, Partner, Track
from pga.policy.laws import read_basis
from pga.policy.library import GUARDRAILS
from pga.policy.limits import standing
from pga.policy.proposals import (
    AgeProposal,
    BasisProposal,
    CellProposal,
    ExclusionProposal,
    NonPurposeProposal,
    TermProposal,
    apply_proposal,
)
from pga.policy.terms import AgreementDocument, RetentionObject, RetentionTerm, Term
from pga.policy.violations import Violation, prove_text
from tests.policy.generated import SOUND, agreements, careless, cells, places, with_cell


def repaired(document: AgreementDocument, found: list[Violation]) -> AgreementDocument:
    for violation in found:
        if violation.proposal is not None:
            document = apply_proposal(document, violation.proposal)
    return document


@given(careless())
def test_applying_every_proposal_leaves_no_violation_that_had_one(
    document: AgreementDocument,
) -> None:
    after = prove_text(repaired(document, prove_text(document)))
    # What is left is a basis that is nothing but consent: another one a person must find.
    assert {each.guardrail for each in after} <= {"R-24"}
    assert {each.proposal for each in after} <= {None}


@settings(max_examples=30)
@given(agreements)
def test_applying_the_proposals_of_one_limit_leaves_none_of_that_limit(
    document: AgreementDocument,
) -> None:
    found = prove_text(document)
    for code in {each.guardrail for each in found}:
        ours = [each for each in found if each.guardrail == code]
        assert all(each.proposal is not None for each in ours)
        after = prove_text(repaired(document, ours))
        assert not [each for each in after if each.guardrail == code]


@given(places, cells)
def test_the_nearest_cell_opens_nothing_that_was_closed(
    place: tuple[Track, Partner, Category], cell: Cell
) -> None:
    mended = standing().mended(*place[1:], cell)
    for before, after in ((cell.provide, mended.provide), (cell.consult, mended.consult)):
        assert after.stages <= before.stages
        assert not after.is_open or before.need & ~after.need == 0
    assert standing().mended(*place[1:], mended) == mended


@pytest.mark.parametrize(
    ("partner", "category", "before", "after"),
    [
        (Partner.GGZ, Category.D07, "1/R2", "1t/R2t"),
        (Partner.POL, Category.D05, "1/o", "1b/o"),
        (Partner.POL, Category.D07, "1n/R2", "1ntb/R2t"),
        (Partner.WOC, Category.D05, "1/R2", "X/X"),
        (Partner.WOC, Category.D05, "X/o", "X/X"),
        (Partner.SCH, Category.D02, "X/R2n", "X/X"),
        (Partner.GI, Category.D02, "X/R2n", "X/R2n"),
        (Partner.GPR, Category.G10, "1/R1", "X/X"),
        (Partner.REC, Category.D05, "2n/R2n", "2nb/R2n"),
        (Partner.DBT, Category.G07, "2/o", "2t/o"),
        (Partner.SCH, Category.D01, "-/handover", "-/X"),
    ],
)
def test_the_nearest_cell_asks_more_or_is_closed(
    partner: Partner, category: Category, before: str, after: str
) -> None:
    assert standing().mended(partner, category, parse_cell(before)).text == after


def test_a_side_that_nothing_stands_under_is_proposed_to_close() -> None:
    opened = with_cell(SOUND, Track.YOUTH, Partner.REC, Category.D01, parse_cell("1/R1"))
    assert {each.proposal for each in prove_text(opened)} == {
        CellProposal(Track.YOUTH, Partner.REC, Category.D01, "1/R1", "X/X")
    }
    assert prove_text(repaired(opened, prove_text(opened))) == []
    row = SOUND.legal_bases[Track.YOUTH][Partner.SCH]
    rows = {**SOUND.legal_bases[Track.YOUTH], Partner.SCH: replace(row, provide={})}
    found = prove_text(replace(SOUND, legal_bases={**SOUND.legal_bases, Track.YOUTH: rows}))
    assert CellProposal(Track.YOUTH, Partner.SCH, Category.D01, "1n/R2n", "X/R2n") in {
        each.proposal for each in found
    }


def test_a_cell_without_its_exception_is_proposed_to_close() -> None:
    silent = tuple(replace(clause, exception="") for clause in SOUND.clauses)
    assert [each.proposal for each in prove_text(replace(SOUND, clauses=silent))] == [
        CellProposal(Track.YOUTH, Partner.GGZ, Category.D07, "2t/R2t", "X/R2t"),
        CellProposal(Track.YOUTH, Partner.DJI, Category.D06, "2b/R2n", "X/R2n"),
    ]


def test_consent_is_taken_out_of_a_basis_where_something_is_left() -> None:
    def with_basis(text: str) -> AgreementDocument:
        row = SOUND.legal_bases[Track.YOUTH][Partner.SCH]
        received = dict.fromkeys(row.receive, read_basis(text))
        rows = {**SOUND.legal_bases[Track.YOUTH], Partner.SCH: replace(row, receive=received)}
        return replace(SOUND, legal_bases={**SOUND.legal_bases, Track.YOUTH: rows})

    (found,) = prove_text(with_basis("AVG_6_1_e + TOESTEMMING | CONSENT"))[:1]
    assert found.proposal == BasisProposal(
        Track.YOUTH, Partner.SCH, "", "AVG_6_1_e + TOESTEMMING | CONSENT", "AVG_6_1_e"
    )
    after = repaired(with_basis("AVG_6_1_e + TOESTEMMING | CONSENT"), [found])
    received = after.legal_bases[Track.YOUTH][Partner.SCH].receive
    assert {str(basis) for basis in received.values()} == {"AVG_6_1_e"}
    (found,) = prove_text(with_basis("CONSENT + RMC"))
    assert found.proposal is None
    clauses = tuple(
        replace(clause, basis=read_basis("AVG_6_1_e | CONSENT")) if clause.basis else clause
        for clause in SOUND.clauses
    )
    (found,) = prove_text(replace(SOUND, clauses=clauses))
    after = repaired(replace(SOUND, clauses=clauses), [found])
    (changed,) = [clause for clause in after.clauses if clause.id == found.clause]
    assert str(changed.basis) == "AVG_6_1_e"
    assert not changed.verified
    assert prove_text(after) == []


def test_what_every_agreement_must_say_is_proposed_to_be_said() -> None:
    first, *others = SOUND.track_terms
    careless_one = replace(
        SOUND,
        non_purposes=(),
        track_terms=(replace(first, age_from=10, exclusions=(Exclusion.UNDER_12,)), *others),
        retention=(
            RetentionTerm(RetentionObject.CASE_AFTER_CLOSING, Term("P9Y"), "Nine years.", "None"),
            RetentionTerm(RetentionObject.AUDIT_LOG, Term("P9Y"), "Nine years.", "None"),
        ),
    )
    said = {check.code: check.explanation for check in current().checks}
    found = prove_text(careless_one)
    assert [each.proposal for each in found] == [
        NonPurposeProposal(NonPurpose.INVESTIGATION, said["R-08"]),
        NonPurposeProposal(NonPurpose.AUTOMATED_SELECTION, said["R-09"]),
        ExclusionProposal(first.code, Exclusion.RADICALISATION),
        AgeProposal(first.code, 12),
        TermProposal(RetentionObject.CASE_AFTER_CLOSING, Term("P5Y"), said["RETENTION"]),
    ]
    after = repaired(careless_one, found)
    assert prove_text(after) == []
    assert after.retention[1].term == Term("P9Y")


def test_under_a_catalogue_that_asks_no_ground_none_is_asked() -> None:
    text = GUARDRAILS.read_text("utf-8")
    start = text.index("- code: R-05")
    free = parse_catalogue(text[:start] + text[text.index("- code: AVG-9") :])
    opened = with_cell(SOUND, Track.YOUTH, Partner.POL, Category.D03, parse_cell("1/R1"))
    (found,) = prove_text(opened, free)
    assert isinstance(found.proposal, CellProposal)
    assert found.proposal.after == "1b/R1"
