"""Every fault in a file is said in Dutch, with its line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from pga.agreements import library
from pga.agreements.fault_words import all_said, said
from pga.policy.catalogue_text import parse_catalogue
from pga.policy.codes import Track
from pga.policy.document import parse
from pga.policy.library import GUARDRAILS
from pga.policy.nodes import DocumentError, Problem
from pga.web import catalogues
from pga.web.rooms import folders

BROKEN = Path(__file__).parent / "broken"


@pytest.fixture(scope="module", autouse=True)
def dutch() -> Iterator[None]:
    catalogues.compile_all()
    app = Flask(__name__)
    everywhere = ";".join(map(str, folders()))
    Babel(app, default_locale="nl", default_translation_directories=everywhere)
    with app.app_context():
        yield


def faults_of(text: str) -> list[Problem]:
    with pytest.raises(DocumentError) as refused:
        parse(text)
    return list(refused.value.problems)


BREAKS = [
    ("^agreement:", "agreement: 3\nother:"),
    ("^parties:", "parties: {}\nothers:"),
    ("  version: .*", "  version: []"),
    ("  version: .*", "  version: ''"),
    ("  valid_from: .*", "  valid_from: morgen"),
    ("  valid_until: .*", "  valid_until: '2001-01-01'"),
    ("  municipality: .*", "  municipality: Alkmaar"),
    ("age_from: 12", "age_from: twaalf"),
    ("verified: false", "verified: ja"),
    ("partner: POL", "partner: BANK"),
    ("partner: POL", "partner: FBI"),
    ("D04: X/R2n", "D04: 7/R2n"),
    ("D04: X/R2n", "D04: 2nn/R2n"),
    ("D04: X/R2n", "D04: X/handover"),
    ("D04: X/R2n", "G04: X/R2n"),
    ("id: jeugd.POL.lvb", "id: jeugd.POL.gezin"),
    (r"categories: \[D08\]", "categories: [D08, D01]"),
    (r"exception_9_10: WPG_5", "exception_9_10: WPG_99"),
    ("provide: WJSG_39F", "provide: WET"),
    ("provide: WJSG_39F", "provide: WJSG_39F + WET"),
    ("code: ORDER", "code: PREVENTION"),
    ("code: ORDER", "code: HELP"),
    ("term: P.*", "term: lang"),
    ("  youth:", "  money_mule:"),
    (r"exclusions: \[UNDER_12,", "exclusions: [UNDER_12, UNDER_12,"),
    ("        HELP: AVG_6_1_e", "        HULP: AVG_6_1_e"),
]


@pytest.mark.parametrize(("pattern", "instead"), BREAKS)
def test_a_broken_file_is_answered_in_dutch(pattern: str, instead: str) -> None:
    text = library.model_text(Track.YOUTH)
    broken = re.sub(pattern, instead, text, count=1, flags=re.MULTILINE)
    assert broken != text
    for problem in faults_of(broken):
        line = said(problem)
        assert line.startswith(f"Regel {problem.line}: ")
        assert "Dit klopt niet" not in line, problem


@pytest.mark.parametrize("text", ["", "a: [", "- a", "&a: *b", "x" * 2_000_001])
def test_what_is_no_agreement_at_all_is_answered_in_dutch(text: str) -> None:
    for line in all_said(faults_of(text)):
        assert "Dit klopt niet" not in line


@pytest.mark.parametrize("file", sorted(BROKEN.glob("line-*.yaml")), ids=lambda path: path.stem)
def test_the_broken_files_of_the_library_are_answered_in_dutch(file: Path) -> None:
    for line in all_said(faults_of(file.read_text("utf-8"))):
        assert "Dit klopt niet" not in line


def test_a_fault_without_words_of_its_own_is_shown_as_it_is() -> None:
    assert said(Problem(3, "something else")) == "Regel 3: Dit klopt niet: something else"


OF_LIMITS = [
    ("kind: cell_closed", "kind: cell_shut"),
    ("code: G1", "code: g1"),
    ("code: G2", "code: G1"),
    ("  version: 1", "  version: 0"),
    ("kind: cell_closed", "kind: cell_needs"),
    ("kind: cell_needs", "kind: cell_closed"),
    ("mark: verified", "mark: maybe"),
    (r"sides: \[provide\]", "sides: all"),
    (r"partners: \[WOC, SCH, JWK\]", "partners: []"),
    ("article: AVG 10", "article: AVG 10%"),
]


@pytest.mark.parametrize(("pattern", "instead"), OF_LIMITS)
def test_a_broken_catalogue_of_limits_is_answered_in_dutch(pattern: str, instead: str) -> None:
    text = GUARDRAILS.read_text("utf-8")
    broken = re.sub(pattern, instead, text, count=1)
    assert broken != text
    with pytest.raises(DocumentError) as refused:
        parse_catalogue(broken)
    for problem in refused.value.problems:
        assert "Dit klopt niet" not in said(problem), problem
