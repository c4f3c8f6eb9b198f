"""A model that moved: seen beside the draft, adopted place by place, and then followed."""

from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape

import pytest

from config.errors import NotFoundError
from pga.agreements import queries
from pga.agreements.models import AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting, following
from pga.agreements.service.examples import write_example
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.comparing import deviations
from pga.policy.document import dump, parse
from pga.policy.editing import CellChange, example_change, mark_at, place_of
from pga.policy.terms import AgreementDocument, Example
from pga.policy.threeway import Standing
from tests.agreements.drafts import (
    LEAD,
    OFFICER,
    Drafted,
    bare_model,
    desk,
    drafted,
    publish,
    set_state,
)
from tests.agreements.matrices import Cells, with_cells
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played
from tests.factories.work import counted

MOVED: Cells = {
    (Partner.JWK, Category.D04): "X/R2n",
    (Partner.LPR, Category.D04): "2/R2",
}
OURS = CellChange(Track.YOUTH, Partner.LPR, Category.D04, "1n/R2", "Zo is het hier.")
ONLY_OURS = CellChange(Track.YOUTH, Partner.WOC, Category.D12, "2n/R2n", "Later is genoeg.")


@dataclass(frozen=True, slots=True)
class Beside:
    """The drafted scene, and the model that moved since."""

    drafted: Drafted
    newer: bytes


def model_moved(scene: Scene) -> Beside:
    """Let a municipality deviate in two cells, and the region change two."""
    made = drafted(scene)
    for change in (OURS, ONLY_OURS):
        at = desk(scene, LEAD, made.draft)
        seen = mark_at(parse(at.agreement.document), place_of(change))
        drafting.edit(at, change, seen=seen)
    old = bare_model()
    header = replace(old.agreement, version="2026.1")
    newer = with_cells(replace(old, agreement=header), MOVED)
    return Beside(made, publish(newer, dump(newer), timedelta(days=1)))


@pytest.fixture
def town(play: Play) -> Played[Beside]:
    return play(model_moved)


def document(town: Played[Beside]) -> AgreementDocument:
    draft = town.made.drafted.draft
    return parse(queries.agreements_by_id([draft])[draft].document)


def path(town: Played[Beside], rest: str = "") -> str:
    return f"/agreements/{town.made.drafted.draft.hex()}/model{rest}"


def moved(town: Played[Beside]) -> following.Moved:
    found = following.moved(desk(town.scene, LEAD, town.made.drafted.draft).agreement)
    assert found is not None
    return found


def test_each_place_is_told_by_who_moved_it(town: Played[Beside]) -> None:
    cells = {
        str(one.place): one.standing
        for one in moved(town).compared.places
        if one.place.kind == "cell"
    }
    assert cells == {
        "cell youth JWK D04": Standing.MODEL_MOVED,
        "cell youth LPR D04": Standing.CONFLICT,
        "cell youth WOC D12": Standing.LOCAL_DEVIATES,
    }


def test_the_page_shows_old_model_new_model_and_draft_in_words(town: Played[Beside]) -> None:
    page = unescape(town.visitor("GPR").read(path(town)))
    assert "Jongerenwerk: Onderwijs" in page
    assert "(X/R2n)" in page
    assert "Gewijzigd in het model en door u" in page
    assert "Alleen bij u anders" in page
    assert page.count(">Overnemen<") == 2


def adopt(town: Played[Beside], place: str, seen: str = "") -> int:
    mark = seen or mark_at(document(town), place)
    visitor = town.visitor("GPR")
    return visitor.post(path(town, "/adopt"), {"place": place, "seen": mark}).status_code


def test_a_place_is_adopted_and_the_rest_stays(town: Played[Beside]) -> None:
    assert adopt(town, "cell youth JWK D04") == 303
    now = document(town)
    assert now.cell(Track.YOUTH, Partner.JWK, Category.D04).text == "X/R2n"
    assert now.cell(Track.YOUTH, Partner.LPR, Category.D04).text == "1n/R2"
    made = edits_of(town.made.drafted.draft, most=1)[0]
    assert made.place == "cell youth JWK D04"
    assert "2026.1" in made.reason


def test_in_a_conflict_the_model_takes_the_place_and_the_reason_goes(
    town: Played[Beside],
) -> None:
    assert adopt(town, "cell youth LPR D04") == 303
    now = document(town)
    assert now.cell(Track.YOUTH, Partner.LPR, Category.D04).text == "2/R2"
    assert now.remark(Track.YOUTH, Partner.LPR, Category.D04).reason == ""
    assert now.cell(Track.YOUTH, Partner.WOC, Category.D12).text == "2n/R2n"


def test_what_moved_in_the_draft_meanwhile_is_not_overwritten(town: Played[Beside]) -> None:
    old = mark_at(document(town), "cell youth LPR D04")
    at = desk(town.scene, LEAD, town.made.drafted.draft)
    drafting.edit(at, replace(OURS, cell="1nb/R2"), seen=old)
    visitor = town.visitor("GPR")
    visitor.do(path(town, "/adopt"), {"place": "cell youth LPR D04", "seen": old})
    assert "Iemand anders heeft dit intussen gewijzigd" in visitor.read(path(town))
    assert document(town).cell(Track.YOUTH, Partner.LPR, Category.D04).text == "1nb/R2"


def test_after_all_that_the_draft_follows_the_new_model(town: Played[Beside]) -> None:
    adopt(town, "cell youth JWK D04")
    visitor = town.visitor("GPR")
    visitor.do(path(town, "/follow"))
    draft = queries.agreements_by_id([town.made.drafted.draft])[town.made.drafted.draft]
    assert draft.model_id == town.made.newer
    assert document(town).agreement.derived_from.endswith("2026.1")
    assert "Er is geen nieuwer model" in visitor.read(path(town))
    newer = queries.agreements_by_id([town.made.newer])[town.made.newer]
    found = {str(one.place) for one in deviations(parse(newer.document), document(town))}
    assert {"cell youth LPR D04", "cell youth WOC D12"} <= found


def test_following_a_model_cannot_be_taken_back(town: Played[Beside]) -> None:
    visitor = town.visitor("GPR")
    visitor.do(path(town, "/follow"))
    revision = edits_of(town.made.drafted.draft, most=1)[0].revision
    history = path(town).replace("/model", "/history")
    assert f"/history/{revision}/undo" not in visitor.read(history)
    assert visitor.post(f"{history}/{revision}/undo").status_code == 404


def test_without_a_newer_model_there_is_nothing_to_adopt(town: Played[Beside]) -> None:
    set_state(town.made.newer, AgreementState.SUPERSEDED)
    visitor = town.visitor("GPR")
    assert "Er is geen nieuwer model" in visitor.read(path(town))
    assert adopt(town, "cell youth JWK D04") == 404
    assert visitor.post(path(town, "/follow")).status_code == 404
    with pytest.raises(NotFoundError):
        following.follow(desk(town.scene, LEAD, town.made.drafted.draft))


@pytest.mark.parametrize("typed", [{}, {"place": "no place", "seen": "x"}])
def test_what_is_no_place_is_not_adopted(town: Played[Beside], typed: dict[str, str]) -> None:
    assert town.visitor("GPR").post(path(town, "/adopt"), typed).status_code == 404


def test_past_its_draft_nothing_is_adopted(town: Played[Beside]) -> None:
    mark = mark_at(document(town), "cell youth JWK D04")
    set_state(town.made.drafted.draft, AgreementState.SIGNING)
    visitor = town.visitor("GPR")
    for rest, typed in (("/adopt", {"place": "cell youth JWK D04", "seen": mark}), ("/follow", {})):
        visitor.do(path(town, rest), typed)
        assert "Maak een nieuwe versie." in visitor.read(path(town))
    assert document(town).cell(Track.YOUTH, Partner.JWK, Category.D04).text == "X/X"


def test_who_does_not_draft_sees_the_model_and_adopts_nothing(town: Played[Beside]) -> None:
    officer = town.visitor("GPR", "Officer")
    assert ">Overnemen<" not in officer.read(path(town))
    posted = {"place": "cell youth JWK D04", "seen": "x"}
    assert officer.post(path(town, "/adopt"), posted).status_code == 403
    assert officer.post(path(town, "/follow")).status_code == 403


def test_who_drafts_adopts_no_example_and_confirms_no_clause_by_adopting(
    town: Played[Beside],
) -> None:
    draft = desk(town.scene, OFFICER, town.made.drafted.draft)
    ours = Example(
        "Jongerenwerk ziet geen onderwijs.",
        *(Track.YOUTH, Phase.F2, Partner.LPR, Partner.JWK, Category.D04, PolicyAction.CONSULT),
        may=False,
    )
    write_example(draft, ours)
    clause = document(town).clauses[0]
    example = place_of(example_change(ours))
    confirmed = f"verified youth {clause.partner} {clause.id}"
    for place in (example, confirmed, "document"):
        assert adopt(town, place) == (404 if place == "document" else 403)
    assert document(town).examples == (ours,)
    assert not any(one.verified for one in document(town).clauses)
    officer = town.visitor("GPR", "Officer")
    officer.do(path(town, "/adopt"), {"place": example, "seen": mark_at(document(town), example)})
    assert document(town).examples == ()


def test_where_nothing_differs_nothing_is_adopted(town: Played[Beside]) -> None:
    assert adopt(town, "cell youth JWK D05") == 404


def test_the_page_costs_the_same_whatever_moved(town: Played[Beside]) -> None:
    visitor = town.visitor("GPR")
    visitor.read(path(town))
    with counted(town.app) as many:
        visitor.read(path(town))
    adopt(town, "cell youth JWK D04")
    adopt(town, "cell youth LPR D04")
    visitor.read(path(town))
    with counted(town.app) as few:
        visitor.read(path(town))
    assert many == few
    assert sum(few.values()) <= 8
