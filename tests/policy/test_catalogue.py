"""The limits are data: a named, versioned catalogue that is read strictly."""

from collections.abc import Callable
from random import Random

import pytest
import yaml
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from pga.agreements import library
from pga.policy.catalogue import KINDS, Catalogue, CellNeeds
from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.codes import Category, Condition, Partner, PolicyAction, Stage, Track
from pga.policy.compile import Table, compile_document, standpoint
from pga.policy.guardrails import prove
from pga.policy.library import GUARDRAILS
from pga.policy.nodes import DocumentError
from pga.web.catalogues import LOCALE
from tests.policy.generated import CELLS, SOUND, with_cell

TEXT = GUARDRAILS.read_text("utf-8")
PLACE = "\n  - {partners: [POL], categories: all, sides: [provide]}"
G2 = """edition: "1"
checks:
- code: G2
  version: 1
  kind: cell_needs
  article: Wpg 18
  mark: to_verify
  text: needs b
  explanation: Only on a decision.
  condition: disclosure_decision
  places:
  - {partners: [POL], categories: all, sides: [provide]}
"""


def rewritten(change: Callable[[dict[str, object]], None]) -> Catalogue:
    """Read the catalogue with every check changed."""
    data = yaml.safe_load(TEXT)
    for check in data["checks"]:
        change(check)
    return parse_catalogue(yaml.safe_dump(data))


def test_every_limit_has_an_article_plain_words_and_a_mark() -> None:
    for check in current().checks:
        assert check.article
        assert check.text
        assert check.explanation.endswith(".")
        assert check.version >= 1
        assert check.kind in KINDS
    assert {check.is_verified for check in current().checks} == {True, False}


def test_every_kind_of_limit_is_used() -> None:
    assert {check.kind for check in current().checks} == set(KINDS)


def test_every_limit_explains_itself_in_dutch() -> None:
    source = library.FOLDER.parent / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        dutch = read_po(file, locale=LOCALE)
    said = [text for check in current().checks for text in (check.text, check.explanation)]
    missing = [text for text in said if text not in dutch or not dutch[text].string]
    assert missing == []


def test_a_table_says_under_which_edition_it_was_made() -> None:
    table = compile_document(SOUND)
    assert table.edition == current().edition
    other = parse_catalogue(TEXT.replace(f'edition: "{table.edition}"', 'edition: "2031-1"'))
    assert other != current()
    later = compile_document(SOUND, other)
    assert later.edition == "2031-1"
    assert later.policy_hash == table.policy_hash


def test_layout_and_order_make_no_other_catalogue() -> None:
    data = yaml.safe_load(TEXT)
    data["checks"].reverse()
    for check in data["checks"]:
        if isinstance(check.get("providers"), list):
            check["providers"].reverse()
    other = parse_catalogue(yaml.safe_dump(data))
    assert [each.code for each in other.checks] != [each.code for each in current().checks]
    assert other == current()
    assert hash(other) == hash(current())
    assert other != "2026-2"


def test_another_word_makes_another_catalogue() -> None:
    def doubted(check: dict[str, object]) -> None:
        check["mark"] = "to_verify"

    assert rewritten(doubted) != current()


@settings(max_examples=10)  # reading YAML is slow
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_checks_never_matters_to_an_answer(chance: Random) -> None:
    data = yaml.safe_load(TEXT)
    chance.shuffle(data["checks"])
    other = parse_catalogue(yaml.safe_dump(data))
    broken = with_cell(SOUND, Track.YOUTH, Partner.WOC, Category.D05, CELLS[-1])
    found = prove(broken, Table(broken, other))
    assert set(map(str, found)) == set(map(str, prove(broken, Table(broken))))
    # Two prohibitions forbid this: the same is told in every order.
    where = standpoint(Track.YOUTH, Stage.FULL, None, Partner.WOC, under_12=True)
    key = (Partner.POL, Category.D05, PolicyAction.CONSULT)
    told = Table(broken, other).answer(where, key, 0)
    assert told == Table(broken).answer(where, key, 0)
    assert told.rule == "P1"


def test_a_condition_is_read_with_its_places() -> None:
    (check,) = parse_catalogue(G2).checks
    assert isinstance(check.rule, CellNeeds)
    assert check.rule.condition is Condition.DISCLOSURE_DECISION
    (place,) = check.rule.places
    assert place.partners == {Partner.POL}
    assert Category.SIGNAL in place.categories
    assert Category.LOG not in place.categories


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ('edition: "1"', 'edition: ""', 1, "edition is empty"),
        ("checks:", "chekcs:", 2, "unknown key 'chekcs'"),
        ("  version: 1", "  version: 0", 4, "version is counted from 1"),
        ("  version: 1", "  version: one", 4, "version must be a whole number"),
        ("code: G2", "code: g2", 3, "code must be capitals"),
        ("kind: cell_needs", "kind: cell_asks", 5, "this is no known kind of check"),
        ("  kind: cell_needs\n", "", 3, "a check has no 'kind'"),
        ("kind: cell_needs", "kind: cell_closed", 10, "a check of this kind has no 'condition'"),
        ("  condition: disclosure_decision\n", "", 3, "a check of this kind needs 'condition'"),
        ("disclosure_decision", "permission", 10, "'permission' is no known condition"),
        ("sides: [provide]", "sides: all", 10, "no cell can ask disclosure_decision on consult"),
        ("mark: to_verify", "mark: maybe", 7, "'maybe' is no known mark"),
        ("[POL]", "[ZZZ]", 12, "'ZZZ' is no known partner"),
        ("[POL]", "[]", 12, "the list of partner is empty"),
        ("[POL]", "{none_but: [POL]}", 12, "unknown key 'none_but'"),
        ("categories: all, ", "", 12, "a place has no 'categories'"),
        (
            "\n  - {partners: [POL], categories: all, sides: [provide]}",
            " []",
            11,
            "places is empty",
        ),
        ("  article: Wpg 18", "  artikel: Wpg 18", 6, "unknown key 'artikel'"),
        ("article: Wpg 18", "article: Wpg 18%", 6, "article holds a percent sign"),
        ("Only on a decision.", "100% on a decision.", 9, "explanation holds a percent sign"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, fault: str) -> None:
    assert G2.count(old) == 1
    with pytest.raises(DocumentError) as caught:
        parse_catalogue(G2.replace(old, new))
    assert any(each.line == line and fault in each.text for each in caught.value.problems), (
        caught.value.problems
    )


def test_two_checks_of_one_code_are_a_fault() -> None:
    twice = G2 + G2.split("checks:\n")[1]
    with pytest.raises(DocumentError, match="check G2 stands twice"):
        parse_catalogue(twice)


def test_a_term_that_is_no_period_is_a_fault() -> None:
    with pytest.raises(DocumentError, match="term must be a period"):
        parse_catalogue(TEXT.replace("term: P5Y", "term: five years"))


def test_a_catalogue_that_is_no_catalogue_is_a_fault() -> None:
    for text in ("", "[]", "edition: x\nchecks: {}", "edition: x\nchecks:\n- G1\n"):
        with pytest.raises(DocumentError):
            parse_catalogue(text)
