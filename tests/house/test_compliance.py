"""The documents keep their word: what they name exists, and every rule has its place and test."""

from pathlib import Path

import pytest

from tests.house.documents import (
    DOCS,
    Table,
    documents,
    links,
    missing,
    named_places,
    named_tests,
    read,
    tables,
)
from tests.house.tree import ROOT

LATER = "later:"
RULES = [f"R-{number:02}" for number in range(1, 35)]
LIMITS = ["G1", "G2", "G3", "G4", "G5", "P1", "P2"]
LINES = [str(number) for number in range(1, 27)]
MUST_DECIDE_NOW = {
    f"R-{number:02}" for number in (*range(1, 10), *range(11, 17), *range(24, 27), 29, 30, 33, 34)
}
MAY_COME_LATER = {"6", "11", "24", "25"}


def table(heading: str, document: Path = DOCS / "compliance.md") -> Table:
    """Give the table under a heading of a document."""
    return next(one for one in tables(document) if one.heading == heading)


@pytest.mark.parametrize("document", documents(), ids=str)
def test_every_file_function_and_test_a_document_names_exists(document: Path) -> None:
    assert missing(read(document)) == []


@pytest.mark.parametrize("document", documents(), ids=str)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    targets = [link.partition("#")[0] for link in links(read(document)) if "://" not in link]
    here = (ROOT / document).parent
    assert [target for target in targets if target and not (here / target).exists()] == []


def test_every_rule_limit_and_line_stands_once_and_in_order() -> None:
    assert table("Rules").column("Rule") == RULES
    assert table("Limits that no agreement can lift").column("Limit") == LIMITS
    assert table("Acceptance list").column("Line") == LINES


def test_a_rule_names_its_place_and_its_test_or_says_why_it_comes_later() -> None:
    unproven = []
    for heading in ("Rules", "Limits that no agreement can lift"):
        for row in table(heading).rows:
            rule, _, _, where, how = row
            is_later = where.startswith(LATER)
            if not (how if is_later else named_places(where) and named_tests(how)):
                unproven.append(rule)
    assert unproven == []


def test_a_line_of_the_acceptance_list_names_its_test_or_says_why_it_comes_later() -> None:
    rows = table("Acceptance list").rows
    unproven = [line for line, _, how in rows if not named_tests(how) and len(how) <= len(LATER)]
    assert unproven == []


def test_what_decides_now_is_not_put_off() -> None:
    later = {row[0] for row in table("Rules").rows if row[3].startswith(LATER)}
    assert later & MUST_DECIDE_NOW == set()
    put_off = {row[0] for row in table("Acceptance list").rows if row[2].startswith(LATER)}
    assert put_off <= MAY_COME_LATER


def test_every_row_about_an_attack_names_the_test_that_plays_it() -> None:
    unproven = [
        row[0]
        for one in tables(DOCS / "threats.md")
        if "Test" in one.columns
        for row in one.rows
        if not named_tests(row[one.columns.index("Test")])
    ]
    assert unproven == []
