"""An example that comes to ask something else is one change, which is taken back as one."""

from dataclasses import replace

import pytest

from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.editing import (
    apply,
    change_at,
    example_change,
    inverse,
    place_of,
    reasked,
    value_at,
)
from pga.policy.errors import OtherPlaceError, UnknownPlaceError
from pga.policy.places import overlap
from pga.policy.terms import Example
from tests.policy.edits import SOUND

ASKED = Example(
    "School ziet niets.",
    *(Track.YOUTH, Phase.F1, Partner.POL, Partner.SCH, Category.D05, PolicyAction.CONSULT),
    may=False,
)
OTHER = replace(ASKED, text="Halt ziet niets.", consumer=Partner.HLT)
THIRD = replace(ASKED, text="Jongerenwerk ziet niets.", consumer=Partner.JWK)


def test_an_example_comes_to_ask_something_else_in_one_change_and_keeps_its_spot() -> None:
    document = replace(SOUND, examples=(ASKED, OTHER))
    change = reasked(ASKED.question, THIRD)
    after = apply(document, change)
    assert after.examples == (THIRD, OTHER)
    assert apply(
        after, change_at(after, place_of(change), value_at(document, place_of(change)))
    ) == (document)
    assert apply(after, inverse(document, change)) == document


def test_an_example_never_comes_to_ask_what_another_asks() -> None:
    document = replace(SOUND, examples=(ASKED, OTHER))
    for change in (
        reasked(ASKED.question, OTHER),
        replace(reasked(ASKED.question, THIRD), example=OTHER),
    ):
        with pytest.raises(OtherPlaceError):
            apply(document, change)
    for name in ("F1", f"{ASKED.question} > {ASKED.question}"):
        with pytest.raises(UnknownPlaceError):
            change_at(document, f"reasked youth {name}", "")


def test_an_example_that_moves_overlaps_both_its_questions_and_no_other() -> None:
    place = reasked(ASKED.question, OTHER).place
    assert [overlap(place, example_change(one).place) for one in (ASKED, OTHER, THIRD)] == [
        True,
        True,
        False,
    ]
