"""Who may, and how widely everything opens: at a glance, with every reason, for who may read it."""

import re

import pytest

from pga.agreements import library, opening_words
from pga.agreements.texts import table_of_text
from pga.agreements.tiles import FlowSide, tiles_of
from pga.policy.codes import CATEGORIES, Category, Partner, Stage, Track
from pga.policy.who_may import Openness, View, pairs
from tests.agreements.drafts import LEAD, Drafted, desk, drafted, publish
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def path(town: Played[Drafted], rest: str, of: bytes | None = None) -> str:
    return f"/agreements/{(of or town.made.draft).hex()}/{rest}"


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_all_partners_stand_on_one_page_with_clause_and_basis(town: Played[Drafted]) -> None:
    page = plain(town.visitor("GPR").read(path(town, "who-may?category=D05&stage=full")))
    assert "Wie brengt het in" in page
    assert "een verstrekkingsbesluit Aan wie? Politie Procesregisseur van de gemeente" in page
    assert "Politie alleen als alleen als" in page
    assert "jeugd.POL." in page
    assert "Wpg 20" in page
    assert "door de wet afgesloten" in page
    assert "Brengen hiervan in deze fase niets in:" in page


def test_of_one_partner_every_answer_has_its_reason_and_who_can_solve_it(
    town: Played[Drafted],
) -> None:
    visitor = town.visitor("GPR")
    page = plain(visitor.read(path(town, "who-may?category=D05&stage=full&partner=POL")))
    assert "De organisatie die het inbrengt, neemt een verstrekkingsbesluit." in page
    assert "Niemand hier: alleen een andere wet kan dit openen." in page
    assert "andere organisatie van dezelfde soort" in page
    early = plain(visitor.read(path(town, "who-may?category=D15&stage=first&partner=POL")))
    assert "Het gaat vanzelf open vanaf het casusoverleg." in early


def test_what_a_cell_keeps_closed_names_whose_cell_it_is(town: Played[Drafted]) -> None:
    text = desk(town.scene, LEAD, town.made.draft).agreement.document
    found = pairs(table_of_text(text), View(Track.YOUTH, Stage.FULL), Category.D05, Partner.OM)
    with town.app.test_request_context(headers={"Accept-Language": "nl"}):
        said = {
            " ".join(opening_words.who_solves(pair))
            for pair in found
            if pair.openness is Openness.CLOSED
        }
    assert (
        "Procesregisseur en jurist, in een concept: de cel van Openbaar Ministerie houdt dit dicht."
        in said
    )


def test_in_aftercare_what_nobody_can_open_says_so(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(
        path(town, "who-may?category=D04&stage=aftercare&partner=LPR&action=provide")
    )
    assert "Niemand in deze fase." in plain(page)


def test_a_track_without_aftercare_shows_none(town: Played[Drafted]) -> None:
    mule = library.model(Track.MONEY_MULE)
    model = publish(mule, library.model_text(Track.MONEY_MULE))
    adviser = town.visitor("ZVH", "Adviser")
    for page in ("matrix", "openness", "who-may", "cells/money_mule/POL/G03"):
        shown = plain(adviser.read(path(town, f"{page}?stage=aftercare", model)))
        assert "Casusoverleg, plan en uitvoering" in shown
        assert "Nazorg" not in shown
    assert "Voorbeelden" in adviser.read(path(town, "examples", model))


def test_a_child_under_12_closes_more_and_a_choice_that_is_none_counts_as_none(
    town: Played[Drafted],
) -> None:
    visitor = town.visitor("GPR")
    young = plain(visitor.read(path(town, "who-may?category=D05&age=under-12")))
    assert "Niemand brengt dit in deze fase in" in young
    odd = visitor.read(
        path(town, "who-may?category=G04&stage=intake&partner=BANK&action=oversee&age=9")
    )
    assert '<option value="D01" selected>' in odd
    assert '<option value="full" selected>' in odd
    assert visitor.get(path(town, "who-may?track=money_mule")).status_code == 404


def test_who_works_under_a_version_in_force_reads_it_and_nobody_reads_a_draft_of_others(
    town: Played[Drafted],
) -> None:
    police = town.visitor("POL")
    for page in ("who-may", "openness"):
        assert police.get(path(town, page, town.made.running)).status_code == 200
        assert police.get(path(town, page)).status_code == 404
    own = police.read("/my-organisation")
    assert f"/agreements/{town.made.running.hex()}/who-may?" in own


def test_the_heat_map_has_a_tile_for_every_cell_with_words_and_a_way_to_its_reason(
    town: Played[Drafted],
) -> None:
    visitor = town.visitor("GPR")
    page = visitor.read(path(town, "openness"))
    text = desk(town.scene, LEAD, town.made.draft).agreement.document
    grid = tiles_of(table_of_text(text), View(Track.YOUTH, Stage.FULL), FlowSide.BRINGS)
    assert len(re.findall(r'<a class="tile tile--[0-4]" href="[^"]*/who-may\?', page)) == (
        len(grid.rows) * len(CATEGORIES[Track.YOUTH])
    )
    tile = next(t for t in grid.rows[Partner.POL] if t.category is Category.D05)
    said = f"Politie, Politiegegevens: {tile.count} van {tile.most} partners, 0 zonder voorwaarde."
    assert f"{said} Altijd nodig: een verstrekkingsbesluit." in plain(page)
    assert 'class="versions__picture" role="img"' in page
    sees = visitor.read(path(town, "openness?side=sees&stage=first&partner=POL"))
    assert sees.count('<a class="card"') == len(CATEGORIES[Track.YOUTH])


def test_a_tile_is_denser_the_more_partners_it_reaches(town: Played[Drafted]) -> None:
    text = desk(town.scene, LEAD, town.made.draft).agreement.document
    for side in FlowSide:
        grid = tiles_of(table_of_text(text), View(Track.YOUTH, Stage.FULL), side)
        for tile in (tile for row in grid.rows.values() for tile in row):
            assert (tile.level == 0) is (tile.count == 0) is (tile.state == "never")
            assert (tile.level - 1) * tile.most < 4 * tile.count <= tile.level * tile.most or (
                not tile.level
            )
            assert (tile.state == "open") is bool(tile.heat.free)
    assert {tile.state for row in grid.rows.values() for tile in row} == {
        *("open", "conditional", "never")
    }


def test_both_pages_cost_the_same_whatever_is_asked(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    asked = ("who-may", "who-may?category=D05&partner=POL", "openness", "openness?partner=POL")
    found = []
    for one in asked:
        visitor.read(path(town, one))
        with counted(town.app) as statements:
            visitor.read(path(town, one))
        found.append(sum(statements.values()))
    assert max(found) <= 8
