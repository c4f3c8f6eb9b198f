"""The agreements in the library are whole, differ as they say, and claim nothing unproven."""

from pathlib import Path

import pytest

from pga.agreements import library
from pga.agreements.municipalities import MUNICIPALITIES, District
from pga.policy.codes import CATEGORIES, PURPOSES, Category, NonPurpose, Phase, Track
from pga.policy.comparing import deviations
from pga.policy.compile import compile_document
from pga.policy.diff import diff
from pga.policy.document import AgreementDocument, dump, parse
from pga.policy.examples import run
from pga.policy.laws import is_consent

FILES = [*library.MODELS.values(), *library.local_files()]
DEVIATIONS = {
    "GM0361-jeugd": {"JWK D14 1n/R2n 2n/R2n", "WOC D12 1n/R2n 2n/R2n"},
    "GM0361-geldezel": {"HLT G09 1n/R2n 2n/R2n"},
    "GM0392-jeugd": {"GPR D06 -/R2n -/X", "LPR D04 1/R2 1n/R2"},
    "GM0392-geldezel": {"JWK G01 1n/R2n 2n/R2n"},
    "GM0479-jeugd": {"JWK D11 2t/R2n X/X", "LPR D12 X/X X/R2n"},
    "GM0479-geldezel": {"LPR G09 1n/R2n 1n/X"},
}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def document(request: pytest.FixtureRequest) -> AgreementDocument:
    file: Path = request.param
    return parse(file.read_text("utf-8"))


def test_what_is_written_is_read_back_the_same(document: AgreementDocument) -> None:
    assert parse(dump(document)) == document


def test_no_clause_claims_to_be_confirmed(document: AgreementDocument) -> None:
    assert not any(clause.verified for clause in document.clauses)


def test_every_cell_of_every_partner_has_one_clause(document: AgreementDocument) -> None:
    (track,) = document.tracks
    for partner in document.matrix[track]:
        spoken = [
            category
            for clause in document.clauses
            if clause.partner is partner
            for category in clause.categories
            if category is not Category.SIGNAL
        ]
        assert sorted(spoken) == sorted(CATEGORIES[track])


def test_every_agreement_has_its_purposes_phases_and_rules_out_what_it_must(
    document: AgreementDocument,
) -> None:
    (track,) = document.tracks
    assert document.purposes(track) == PURPOSES[track]
    assert {term.code for term in document.phases} == set(Phase)
    assert {term.code for term in document.non_purposes} == set(NonPurpose)


def test_every_agreement_has_examples_that_come_out_and_some_on_each_answer(
    document: AgreementDocument,
) -> None:
    outcomes = run(compile_document(document))
    assert [one.example.text for one in outcomes if not one.holds] == []
    assert {one.example.may for one in outcomes} == {True, False}


def test_consent_is_nowhere_a_basis(document: AgreementDocument) -> None:
    for rows in document.legal_bases.values():
        for row in rows.values():
            for basis in (*row.provide.values(), *row.receive.values()):
                assert not any(is_consent(code) for code in basis.codes)


def test_local_agreements_cover_one_municipality_per_district_and_both_tracks() -> None:
    found = {
        (MUNICIPALITIES[document.agreement.municipality].district, document.tracks[0])
        for document in (parse(file.read_text("utf-8")) for file in library.local_files())
    }
    assert found == {(district, track) for district in District for track in Track}


@pytest.mark.parametrize("file", library.local_files(), ids=lambda file: file.stem)
def test_a_local_agreement_differs_from_its_model_as_it_says(file: Path) -> None:
    local = parse(file.read_text("utf-8"))
    (track,) = local.tracks
    model = library.model(track)
    assert file == library.local_file(local.agreement.municipality, track)
    assert local.agreement.derived_from == f"{model.agreement.name} {model.agreement.version}"
    found = diff(compile_document(model), compile_document(local))
    assert {
        f"{change.partner} {change.category} {change.before} {change.after}"
        for change in found.cells
    } == DEVIATIONS[file.stem]


@pytest.mark.parametrize("file", library.local_files(), ids=lambda file: file.stem)
def test_a_local_agreement_says_why_wherever_it_departs_from_its_model(file: Path) -> None:
    local = parse(file.read_text("utf-8"))
    found = deviations(library.model(local.tracks[0]), local)
    assert found
    assert [str(one.place) for one in found if not one.reason] == []
