"""Where a local agreement leaves its model is told place by place, with the reason or none."""

from dataclasses import replace
from datetime import date

import pytest

from pga.agreements import library
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Purpose, Track
from pga.policy.comparing import Deviation, deviations
from pga.policy.derive import CellDeviation, LocalTerms, derive
from pga.policy.document import AgreementDocument
from pga.policy.editing import (
    BasisChange,
    CellChange,
    ClauseChange,
    PartyChange,
    PeriodChange,
    RetentionChange,
    WordingChange,
    apply,
    example_change,
)
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import Example, Remark, RetentionObject, RetentionTerm, RowBases, Term
from tests.policy.edits import SOUND

YOUTH, POL = Track.YOUTH, Partner.POL


@pytest.fixture(scope="module")
def model() -> AgreementDocument:
    return library.model(YOUTH)


def test_an_agreement_deviates_in_nothing_from_itself(model: AgreementDocument) -> None:
    assert deviations(model, model) == []
    written = apply(SOUND, CellChange(YOUTH, POL, Category.D02, "X/X"))
    assert deviations(SOUND, written) == []


def test_every_deviation_is_told_with_its_reason_or_none(model: AgreementDocument) -> None:
    local = apply(model, CellChange(YOUTH, POL, Category.D05, "1b/X", "No need to see."))
    local = apply(local, CellChange(YOUTH, POL, Category.D02, "X/o"))
    kept = replace(model.retention[0], term=Term("P1W"))
    about = kept.object
    local = apply(local, RetentionChange(about, kept, "Sooner."))
    order = Place(PlaceKind.PURPOSE, YOUTH, name=Purpose.ORDER)
    local = apply(local, WordingChange(order, "Order."))
    local = apply(local, PartyChange(Partner.MEE, (), "There is none."))
    found = {str(one.place): one for one in deviations(model, local)}
    assert found["cell youth POL D05"] == Deviation(
        Place(PlaceKind.CELL, YOUTH, POL, "D05"), "1b/o", "1b/X", "No need to see."
    )
    assert (found["cell youth POL D02"].model, found["cell youth POL D02"].reason) == ("X/X", "")
    assert found[f"retention {about}"].reason == "Sooner."
    assert "P1W" in found[f"retention {about}"].local
    assert found["purpose youth ORDER"].reason == ""
    assert found["party MEE"] == Deviation(
        Place(PlaceKind.PARTY, None, Partner.MEE), "takes part", "", "There is none."
    )
    bases = model.legal_bases[YOUTH][POL]
    swapped = BasisChange(YOUTH, POL, RowBases(bases.receive, bases.receive), "By task.")
    (basis,) = deviations(model, apply(model, swapped))
    assert (str(basis.place), basis.reason) == ("basis youth POL", "By task.")
    assert len(found) == 5


def test_what_is_local_by_nature_deviates_from_nothing(model: AgreementDocument) -> None:
    local = apply(model, PeriodChange(date(2026, 1, 1), date(2027, 1, 1), date(2026, 6, 1)))
    ours = replace(model.parties[3], name="Police of the north", represented_by="the chief")
    local = apply(local, PartyChange(POL, (ours,)))
    care = Example(
        *("Care shows nothing.", YOUTH, Phase.F1, Partner.GGZ, POL, Category.D07),
        *(PolicyAction.CONSULT, False),
    )
    local = apply(local, example_change(care))
    assert deviations(model, local) == []


def test_a_clause_is_reasoned_by_itself_or_by_a_cell_it_speaks_on(
    model: AgreementDocument,
) -> None:
    terms = LocalTerms(
        "Local", "GM0361", "1", date(2026, 1, 1), date(2027, 1, 1), date(2026, 6, 1), model.parties
    )
    change = CellDeviation(YOUTH, POL, Category.D05, "1b/X", "No.", ("Wpg 20",), reason="Asked.")
    local = derive(model, terms, [change])
    found = {str(one.place): one.reason for one in deviations(model, local)}
    assert len(found) == 3
    assert set(found.values()) == {"Asked."}
    (clause,) = (one for one in local.clauses if one.id == "jeugd.POL.identiteit")
    local = apply(local, ClauseChange(YOUTH, POL, clause.id, replace(clause, text="Other.")))
    assert {one.reason for one in deviations(model, local)} == {"Asked.", ""}
    reasoned = ClauseChange(YOUTH, POL, clause.id, replace(clause, text="Other."), "Plainer.")
    local = apply(local, reasoned)
    assert {one.reason for one in deviations(model, local)} == {"Asked.", "Plainer."}


def test_a_track_that_only_one_of_them_covers_is_one_deviation() -> None:
    youth_only = replace(SOUND, track_terms=SOUND.track_terms[:1])
    assert [str(one.place) for one in deviations(SOUND, youth_only)] == ["track money_mule"]
    assert [str(one.place) for one in deviations(youth_only, SOUND)] == ["track money_mule"]


def test_comments_of_the_model_come_along_and_its_reasons_do_not(
    model: AgreementDocument,
) -> None:
    said = apply(model, CellChange(YOUTH, POL, Category.D01, "1b/R1", "Old.", "Read this."))
    said = apply(
        said,
        RetentionChange(RetentionObject.AUDIT_LOG, _log(model), "Old reason."),
    )
    terms = LocalTerms(
        "Local", "GM0361", "1", date(2026, 1, 1), date(2027, 1, 1), date(2026, 6, 1), model.parties
    )
    local = derive(said, terms)
    assert local.remark(YOUTH, POL, Category.D01) == Remark("", "Read this.")
    assert not local.reasons


def _log(model: AgreementDocument) -> RetentionTerm:
    (term,) = (term for term in model.retention if term.object is RetentionObject.AUDIT_LOG)
    return term
