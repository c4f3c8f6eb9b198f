"""The matrix of a version and its cells on the page: per stage, with what deviates and breaks."""

import re
from dataclasses import replace

import pytest

from config.database import db, transaction
from pga.agreements.matrix import grid_of
from pga.agreements.models import Agreement
from pga.policy.codes import CATEGORIES, Category, Partner, Stage, Track
from pga.policy.document import dump, parse
from pga.policy.terms import Term
from pga.policy.violations import prove_text
from tests.agreements.drafts import Drafted, drafted
from tests.agreements.matrices import Cells, with_cells
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def rewrite(town: Played[Drafted], cells: Cells) -> None:
    with transaction():
        row = db.session.get_one(Agreement, town.made.draft)
        row.document = dump(with_cells(parse(row.document), cells))


def path(town: Played[Drafted], rest: str) -> str:
    return f"/agreements/{town.made.draft.hex()}/{rest}"


def test_the_matrix_has_a_cell_for_every_partner_and_category(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(path(town, "matrix"))
    row = db.session.get_one(Agreement, town.made.draft)
    partners = parse(row.document).matrix[Track.YOUTH]
    assert len(re.findall(r'<a class="square', page)) == len(partners) * 16
    assert 'href="/agreements" aria-current="page"' in page


def test_the_matrix_marks_what_deviates_breaks_and_is_not_filled_in(
    town: Played[Drafted],
) -> None:
    cells = {
        (Partner.WOC, Category.D05): "X/R2",
        (Partner.LPR, Category.D04): "1n/R2",
        (Partner.POL, Category.D12): None,
    }
    rewrite(town, cells)
    page = town.visitor("GPR").read(path(town, "matrix"))
    assert "1 cel overschrijdt een wettelijke grens" in page
    assert "1 cel is nog niet ingevuld" in page
    assert "3 cellen zijn anders dan het model" in page
    listed = page.partition('class="tallies"')[2].partition("</ul>")[2].partition("</ul>")[0]
    assert f"{path(town, 'cells/youth/WOC/D05')}" in listed
    assert "Woningcorporatie: Politiegegevens</a>, G1 (AVG 10)" in listed
    assert "buiten de cellen" not in page


def test_the_matrix_tells_of_limits_that_no_cell_breaks(town: Played[Drafted]) -> None:
    row = db.session.get_one(Agreement, town.made.draft)
    document = parse(row.document)
    kept = [
        replace(one, term=Term("P9Y")) if one.object == "case_after_closing" else one
        for one in document.retention
    ]
    with transaction():
        db.session.get_one(Agreement, row.id).document = dump(
            replace(document, retention=tuple(kept))
        )
    page = town.visitor("GPR").read(path(town, "matrix"))
    assert "Grenzen die buiten de cellen worden overschreden" in page
    assert "RETENTION (AVG 5(1)(e))" in page
    assert "Zo herstelt u het. Bewaar het hoogstens: 5 jaar." in page
    assert f'href="{path(town, "terms")}">Naar de voorwaarden' in page


@pytest.mark.parametrize(
    ("stage", "bring", "see"),
    [(Stage.FIRST, "open", "later"), (Stage.FULL, "open", "open")],
)
def test_a_cell_shows_what_it_is_in_the_chosen_stage(
    town: Played[Drafted], stage: Stage, bring: str, see: str
) -> None:
    document = parse(db.session.get_one(Agreement, town.made.draft).document)
    grid = grid_of(document, Track.YOUTH, stage)
    square = next(s for s in grid.rows[Partner.LPR] if s.category is Category.D04)
    assert (square.bring.state, square.see.state) == (bring, see)
    page = town.visitor("GPR").read(path(town, f"matrix?stage={stage}&partner=LPR"))
    assert "Brengt dit in vanaf de triage" in page


def test_on_a_narrow_screen_one_partner_is_chosen(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(path(town, "matrix?partner=SCH"))
    assert "matrix__table" not in page
    assert len(re.findall(r'<li><a class="card"', page)) == 16


def test_a_choice_that_is_none_shows_the_whole_matrix_and_another_track_is_not_there(
    town: Played[Drafted],
) -> None:
    visitor = town.visitor("GPR")
    assert "matrix__table" in visitor.read(path(town, "matrix?partner=XXX&stage=never"))
    assert visitor.get(path(town, "matrix?track=money_mule")).status_code == 404


def test_a_party_without_a_row_stands_in_the_matrix_too(town: Played[Drafted]) -> None:
    document = parse(db.session.get_one(Agreement, town.made.draft).document)
    rows = dict.fromkeys(((Partner.SCH, code) for code in CATEGORIES[Track.YOUTH]), None)
    bare = with_cells(document, rows)
    grid = grid_of(bare, Track.YOUTH, Stage.FULL, violations=prove_text(bare))
    assert {square.partner for square in grid.unwritten} == {Partner.SCH}
    assert grid.deviating == ()


def test_a_cell_says_its_words_its_grounds_and_what_it_does(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(path(town, "cells/youth/LPR/D04"))
    assert "Brengt dit in vanaf de triage" in page
    assert "jeugd.LPR.onderwijs" in page
    assert "nog juridisch te toetsen" in page
    assert "zoals in het model" in page
    assert "Casusregisseur van de gemeente" in page


def test_a_cell_otherwise_than_the_model_says_what_the_model_has(town: Played[Drafted]) -> None:
    rewrite(town, {(Partner.WOC, Category.D05): "X/R2"})
    page = town.visitor("GPR").read(path(town, "cells/youth/WOC/D05"))
    assert "in het model staat X/X" in page
    assert "G1" in page


@pytest.mark.parametrize(
    "cell", ["youth/XXX/D04", "youth/LPR/G04", "money_mule/LPR/G04", "youth/BANK/D04"]
)
def test_what_is_no_cell_of_the_agreement_is_not_there(town: Played[Drafted], cell: str) -> None:
    assert town.visitor("GPR").get(path(town, f"cells/{cell}")).status_code == 404


def test_matrix_and_cell_cost_the_same_whatever_deviates(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    paths = ("matrix", "matrix?partner=LPR", "cells/youth/LPR/D04")

    def cost() -> list[int]:
        found = []
        for one in paths:
            visitor.read(path(town, one))
            with counted(town.app) as statements:
                visitor.read(path(town, one))
            found.append(sum(statements.values()))
        return found

    before = cost()
    rewrite(town, dict.fromkeys(((Partner.LPR, c) for c in CATEGORIES[Track.YOUTH]), "X/X"))
    assert cost() == before
    assert max(before) <= 8
