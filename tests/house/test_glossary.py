"""The glossary is in step with the code: each term once, each class and code found."""

from collections import Counter
from pathlib import Path

import pytest

from tests.house.documents import DOCS, Table, Term, quoted, tables, terms

GLOSSARY = DOCS / "glossary.md"
FILES_OF_TERMS = ("models.py", "rules.py")
ROOMS_OF_TERMS = (Path("auth"), Path("pga/policy"))
NOT_DUTCH = {"hex"}


def table(heading: str) -> Table:
    """Give the table under a heading of the glossary."""
    return next(one for one in tables(GLOSSARY) if one.heading == heading)


def terms_with_dutch() -> list[Term]:
    """List the classes that name a Dutch word, where terms of the domain live."""
    return [
        term
        for term in terms()
        if term.dutch not in {"", *NOT_DUTCH}
        and (
            term.path.name in FILES_OF_TERMS
            or any(term.path.is_relative_to(room) for room in ROOMS_OF_TERMS)
        )
    ]


def test_a_class_that_names_a_dutch_word_stands_beside_it_in_the_glossary() -> None:
    listed = {(name, row[1]) for row in table("Terms").rows for name in quoted(row[2])}
    missing = [
        f"{term.name} ({term.dutch}) of {term.path}"
        for term in terms_with_dutch()
        if (term.name, term.dutch) not in listed
    ]
    assert missing == []


def test_every_class_the_glossary_names_exists() -> None:
    names = {term.name for term in terms()}
    named = {name for row in table("Terms").rows for name in quoted(row[2])}
    assert named - names == set()


def test_the_terms_stand_once_and_in_the_order_of_the_alphabet() -> None:
    english = table("Terms").column("English")
    dutch = table("Terms").column("Dutch")
    assert english == sorted(english)
    assert [word for word, times in Counter([*english]).items() if times > 1] == []
    assert [word for word, times in Counter([*dutch]).items() if times > 1] == []


@pytest.mark.parametrize(
    ("heading", "enumeration"),
    [
        ("Partners", "Partner"),
        ("Phases and states of a case", "CaseState"),
        ("States of an agreement", "AgreementState"),
        ("Roles", "Role"),
        ("Purposes", "Purpose"),
        ("Conditions", "Condition"),
        ("Outcomes of a decision", "Code"),
    ],
)
def test_a_table_of_codes_lists_exactly_the_codes_of_the_program(
    heading: str, enumeration: str
) -> None:
    (members,) = (set(term.members) for term in terms() if term.name == enumeration)
    listed = [quoted(row[0])[0] for row in table(heading).rows]
    assert sorted(listed) == sorted(members)


def test_the_categories_of_both_tracks_are_listed() -> None:
    (members,) = (set(term.members) for term in terms() if term.name == "Category")
    listed = {
        quoted(row[0])[0]
        for heading in ("Categories of data: youth", "Categories of data: money mules")
        for row in table(heading).rows
    }
    assert listed == members - {"SIGNAL", "LOG", "CASE_NUMBER"}


def test_every_partner_and_category_has_a_slug_of_its_own() -> None:
    slugs = [
        slug
        for one in tables(GLOSSARY)
        if "Slug" in one.columns
        for cell in one.column("Slug")
        for slug in quoted(cell)
    ]
    assert len(slugs) == len(set(slugs))
