"""A cell is said in plain words, taken apart into choices, and put together again unchanged."""

from collections.abc import Iterator
from itertools import chain, combinations, product

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from pga.agreements import cell_words
from pga.policy.cells import CellNotationError, parse_cell
from pga.policy.codes import Partner, Stage
from pga.web import catalogues
from pga.web.rooms import folders


@pytest.fixture(scope="module", autouse=True)
def dutch() -> Iterator[None]:
    catalogues.compile_all()
    app = Flask(__name__)
    everywhere = ";".join(map(str, folders()))
    Babel(app, default_locale="nl", default_translation_directories=everywhere)
    with app.app_context():
        yield


def some_of(letters: str) -> list[str]:
    sizes = range(len(letters) + 1)
    return ["".join(x) for x in chain.from_iterable(combinations(letters, n) for n in sizes)]


PROVIDES = ["X", "-", *(a + b for a, b in product("012", some_of("ntb")))]
CONSULTS = ["X", "o", "handover", *(a + b for a, b in product(("R1", "R2"), some_of("nt")))]


@given(st.sampled_from(PROVIDES), st.sampled_from(CONSULTS))
def test_taking_a_cell_apart_and_putting_it_together_gives_the_same_cell(
    provide: str, consult: str
) -> None:
    cell = parse_cell(f"{provide}/{consult}")
    choices = cell_words.taken_apart(cell)
    assert cell_words.put_together(**choices) == cell.text  # type: ignore[arg-type]


def test_a_condition_on_what_is_closed_falls_away() -> None:
    assert cell_words.put_together("X", ["b"], "o", ["t"]) == "X/o"


def test_conditions_are_written_in_their_fixed_order() -> None:
    assert cell_words.put_together("2", ["b", "n"], "R1", ["t", "n"]) == "2nb/R1nt"


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(CellNotationError):
        cell_words.put_together("3", [], "X", [])


def test_a_cell_is_said_in_two_plain_sentences() -> None:
    assert cell_words.said("2nb/R2n") == (
        "Brengt dit in vanaf het casusoverleg, mits er is: een weegnotitie en een "
        "verstrekkingsbesluit. Ziet dit vanaf het casusoverleg, mits er is: genoemd als lezer of "
        "actiehouder."
    )
    assert cell_words.bring("-/X") == "Heeft zulke gegevens zelf niet"
    assert cell_words.see("X/o") == "Ziet alleen wat het zelf inbracht"


def test_a_handover_can_be_chosen_for_the_care_and_safety_house_alone() -> None:
    offered = {
        partner: "handover" in dict(cell_words.consult_choices(partner)) for partner in Partner
    }
    assert [partner for partner, is_offered in offered.items() if is_offered] == [Partner.ZVH]


@pytest.mark.parametrize(
    ("cell", "stage", "bring", "see"),
    [
        ("1/R2", Stage.FIRST, ("open", ""), ("later", "")),
        ("1/R2", Stage.FULL, ("open", ""), ("open", "")),
        ("2nb/R2nt", Stage.FULL, ("conditional", "nb"), ("conditional", "nt")),
        ("0t/o", Stage.FIRST, ("hit_only", "t"), ("own", "")),
        ("-/handover", Stage.FULL, ("never", ""), ("never", "")),
        ("X/X", Stage.INTAKE, ("never", ""), ("never", "")),
        ("1/R1", Stage.CLOSED, ("later", ""), ("later", "")),
    ],
)
def test_a_matrix_shows_what_each_side_of_a_cell_is_in_a_stage(
    cell: str, stage: Stage, bring: tuple[str, str], see: tuple[str, str]
) -> None:
    parsed = parse_cell(cell)
    seen = [cell_words.side_in(side, stage) for side in (parsed.provide, parsed.consult)]
    assert [(side.state, side.letters) for side in seen] == [bring, see]
    assert [side.is_open for side in seen] == [
        state in {"open", "conditional", "hit_only"} for state, _ in (bring, see)
    ]
