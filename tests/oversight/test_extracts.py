"""What needs care before a youth is told of it, who may ask, and which ground fits. Pure."""

from dataclasses import replace

import pytest

from audit.entries import CLOSED_ITEMS, Action, Actor, Entry, Kind, Line
from pga.oversight import extracts
from pga.oversight.extracts import WPG, Applicant, Caution, Ruling


def line(provider: str, category: str, *, allowed: bool = True, items: int = 1) -> Line:
    ids = tuple("ab" * 16 for _ in range(items))
    return Line(provider, category, "allowed" if allowed else "denied", "r", "allowed", ids)


def act(
    *lines: Line, partner: str = "GCR", action: Action = Action.CONSULT, kind: Kind | None = None
) -> Entry:
    who = Actor("1" * 32, "2" * 32, partner, "professional", "s", "password")
    return Entry(action, who, "case", kind=kind, lines=lines)


READ = act(line("LPR", "D04"), kind=Kind.OPENED)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (READ, ()),
        (act(line("POL", "D05"), kind=Kind.OPENED), (Caution.POLICE,)),
        (act(line("OM", "D15"), kind=Kind.OPENED), (Caution.POLICE,)),
        (act(line("LPR", "D04"), partner="POL", kind=Kind.OPENED), (Caution.POLICE,)),
        (act(line("REC", "D06"), kind=Kind.OPENED), (Caution.POLICE,)),
        (act(line("GGZ", "D07"), kind=Kind.OPENED), (Caution.SECRET_HELP,)),
        (act(line("LPR", "D04"), partner="JHA", kind=Kind.OPENED), (Caution.SECRET_HELP,)),
        (act(line("VT", "D14"), kind=Kind.OPENED), (Caution.SECRET_HELP,)),
        (act(line("GCR", "D03"), kind=Kind.OPENED), (Caution.THIRD_PERSONS,)),
        (act(line("SCH", "SIGNAL"), kind=Kind.OPENED), (Caution.REPORTER,)),
        (act(partner="SCH", action=Action.CREATE), (Caution.REPORTER,)),
        (act(line("LPR", "D04"), action=Action.BREAK_GLASS), (Caution.EMERGENCY,)),
    ],
)
def test_police_secret_help_family_and_reporters_need_care(
    entry: Entry, expected: tuple[Caution, ...]
) -> None:
    (part,) = extracts.parts(entry)
    found = extracts.cautions([entry], part)
    assert found == expected
    assert extracts.ticked_before(found) is (None if expected else Ruling.GIVE)


def test_what_was_refused_or_had_nothing_to_show_needs_no_care() -> None:
    entry = act(
        line("POL", "D05", allowed=False, items=0),
        line("GGZ", "D07", items=0),
        line("LPR", "D04"),
        kind=Kind.OPENED,
    )
    assert extracts.parts(entry) == [""]
    assert extracts.cautions([entry]) == ()


def test_one_look_is_split_so_that_its_ordinary_part_can_be_given() -> None:
    entry = act(line("LPR", "D04"), line("POL", "D05"), line("GGZ", "D07"), kind=Kind.OPENED)
    assert extracts.parts(entry) == ["", "police", "secret_help"]
    assert [one.category for one in extracts.seen_in(entry, "police")] == ["D05"]
    assert extracts.cautions([entry]) == ()


def test_in_a_case_of_which_the_youth_is_not_informed_nothing_is_ordinary() -> None:
    assert extracts.cautions([READ], is_informed=False) == (Caution.NOT_INFORMED,)
    assert extracts.cautions([READ], is_delayed=True) == (Caution.DELAYED,)


def test_refusals_and_failed_openings_are_no_access() -> None:
    refused = act(line("LPR", "D04", allowed=False, items=0), kind=Kind.OPENED)
    failed = replace(READ, event_id="f" * 32)
    outcome = Entry(Action.OUTCOME, READ.actor, "case", names=failed.event_id)
    assert extracts.told([refused, failed, outcome, READ]) == [READ]


def test_the_wpg_grounds_a_refusal_of_police_data_alone() -> None:
    assert set(extracts.rulings([Caution.POLICE])) >= WPG
    for others in ([], [Caution.SECRET_HELP], [Caution.NOT_INFORMED]):
        assert not WPG & set(extracts.rulings(others))
        assert Ruling.OTHERS in extracts.rulings(others)


@pytest.mark.parametrize(
    ("applicant", "age", "expected"),
    [
        (Applicant.YOUTH, 11, False),
        (Applicant.YOUTH, 12, True),
        (Applicant.YOUTH, 17, True),
        (Applicant.YOUTH, None, True),
        (Applicant.REPRESENTATIVE, 15, True),
        (Applicant.REPRESENTATIVE, 16, False),
        (Applicant.REPRESENTATIVE, None, False),
    ],
)
def test_the_youth_asks_from_sixteen_a_parent_before_that(
    applicant: Applicant,
    age: int | None,
    expected: bool,  # noqa: FBT001
) -> None:
    assert extracts.may_ask(applicant, age) is expected


@pytest.mark.parametrize(("closed", "is_told"), [("", False), ("ab" * 16, True)])
def test_an_opening_that_failed_is_not_told_but_one_that_closed_an_item_is(
    closed: str, *, is_told: bool
) -> None:
    outcome = Entry(
        Action.OUTCOME, READ.actor, "case", names=READ.event_id, facts={CLOSED_ITEMS: closed}
    )
    assert extracts.told([READ, outcome]) == ([READ] if is_told else [])
