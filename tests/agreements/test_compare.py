"""Two versions beside each other: in words, by partner, and only versions one may see."""

from dataclasses import replace

import pytest

from config.database import db, transaction
from config.ids import new_id
from pga.agreements.models import Agreement, AgreementState
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.document import dump, parse
from pga.policy.terms import AgreementDocument, Example, Remark
from tests.agreements.drafts import Drafted, drafted, set_state
from tests.agreements.matrices import with_cells
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def rewrite(agreement_id: bytes, document: AgreementDocument) -> None:
    with transaction():
        db.session.get_one(Agreement, agreement_id).document = dump(document)


def draft_of(town: Played[Drafted]) -> AgreementDocument:
    return parse(db.session.get_one(Agreement, town.made.draft).document)


def compared(town: Played[Drafted], visitor: Visitor, with_id: bytes | None = None) -> str:
    query = "" if with_id is None else f"?with={with_id.hex()}"
    return visitor.read(f"/agreements/{town.made.draft.hex()}/compare{query}")


def test_a_draft_is_first_compared_with_the_model_it_follows(town: Played[Drafted]) -> None:
    page = compared(town, town.visitor("GPR"))
    assert "Niemand ziet hierdoor meer of minder." in page
    assert "Geldt tot en met" in page


def test_the_page_says_in_words_who_sees_more_and_if_what(town: Played[Drafted]) -> None:
    changed = with_cells(draft_of(town), {(Partner.JWK, Category.D04): "X/R2n"})
    rewrite(town.made.draft, changed)
    page = compared(town, town.visitor("GPR"))
    assert "Meer voor: Jongerenwerk." in page
    assert (
        "Krijgt vanaf het casusoverleg tot de nazorg extra: Onderwijs, van Leerplicht, mits er "
        "is: genoemd als lezer of actiehouder."
    ) in page
    assert "X/R2n" in page


def test_what_stands_outside_the_matrix_is_shown_before_and_after(town: Played[Drafted]) -> None:
    document = draft_of(town)
    clauses = (replace(document.clauses[0], text="Anders dan eerst."), *document.clauses[1:])
    rewrite(town.made.draft, replace(document, clauses=clauses))
    page = compared(town, town.visitor("GPR"))
    assert "Anders dan eerst." in page
    assert document.clauses[0].text in page


def test_any_other_version_of_the_place_can_be_chosen(town: Played[Drafted]) -> None:
    page = compared(town, town.visitor("GPR"), town.made.running)
    assert f'value="{town.made.running.hex()}" selected' in page
    assert f'value="{town.made.model.hex()}"' in page


def test_a_version_without_another_has_nothing_to_compare(town: Played[Drafted]) -> None:
    adviser = town.visitor("ZVH", "Adviser")
    page = adviser.read(f"/agreements/{town.made.model.hex()}/compare")
    assert "Er is nog niets om mee te vergelijken" in page


def test_two_versions_that_say_the_same_are_said_to(town: Played[Drafted]) -> None:
    rewrite(town.made.running, draft_of(town))
    page = compared(town, town.visitor("GPR"), town.made.running)
    assert "Beide versies zeggen hetzelfde" in page


def test_what_one_may_not_see_cannot_be_compared_with(town: Played[Drafted]) -> None:
    set_state(town.made.model, AgreementState.DRAFT)
    visitor = town.visitor("GPR")
    path = f"/agreements/{town.made.draft.hex()}/compare?with="
    answers = {
        visitor.get(path + text).status_code
        for text in (town.made.model.hex(), new_id().hex(), "zz", "Z" * 32)
    }
    assert answers == {404}


def test_a_comparison_costs_the_same_whatever_differs(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    compared(town, visitor)
    with counted(town.app) as few:
        compared(town, visitor)
    cells = {(Partner.JWK, code): "X/R2n" for code in (Category.D04, Category.D12)}
    rewrite(town.made.draft, with_cells(draft_of(town), cells))
    with counted(town.app) as many:
        compared(town, visitor)
    assert many == few
    assert sum(few.values()) <= 8


def test_remarks_reasons_and_examples_are_compared_in_words(town: Played[Drafted]) -> None:
    document = draft_of(town)
    example = Example(
        "Jongerenwerk ziet geen onderwijs.",
        *(Track.YOUTH, Phase.F1, Partner.LPR, Partner.JWK, Category.D04, PolicyAction.CONSULT),
        may=False,
    )
    remark = Remark("Omdat het hier zo is.", "Zie het overleg.")
    remarks = {Track.YOUTH: {Partner.JWK: {Category.D04: remark}}}
    reasons = {"phase F2": "Hier gaat het anders."}
    changed = replace(document, examples=(example,), remarks=remarks, reasons=reasons)
    rewrite(town.made.draft, changed)
    page = compared(town, town.visitor("GPR"))
    for said in (
        *("Opmerkingen bij cellen", "Jongerenwerk: Onderwijs", "Zie het overleg."),
        *("Redenen om van het model af te wijken", "Hier gaat het anders."),
        *("<h2>Voorbeelden</h2>", "Jongerenwerk mag in de triage niet zien"),
    ):
        assert said in page
