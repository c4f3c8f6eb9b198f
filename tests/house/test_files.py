"""What holds for every file of the project."""

import ast
import re
from pathlib import Path

from tests.house.tree import ROOT, tracked

LIMIT = 400
TOP_LEVEL = {
    "LICENSE",
    "Makefile",
    "README.md",
    "audit",
    "auth",
    "commands.py",
    "config",
    "docs",
    "migrations",
    "pga",
    "pyproject.toml",
    "requirements",
    "tests",
    "wsgi.py",
}
TEXT = (".py", ".html", ".css", ".js", ".md", ".yaml", ".toml", ".po", ".sh", ".mako", "")
LATER = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError")))
OF_A_MACHINE = re.compile(rf"{re.escape(str(ROOT))}|(?<![\w.])/(?:home|root|Users)/\w")
DOCUMENT = re.compile(r"[\w/-]+\.md\b")


def read(path: Path) -> str:
    return (ROOT / path).read_text("utf-8")


def test_a_file_has_at_most_400_lines() -> None:
    lengths = {
        str(path): len(read(path).splitlines()) for path in tracked(".py", ".html", ".css", ".js")
    }
    assert {path: lines for path, lines in lengths.items() if lines > LIMIT} == {}


def test_the_top_level_holds_only_what_the_house_has() -> None:
    names = {path.parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


def test_a_module_says_what_it_is() -> None:
    assert [str(p) for p in tracked(".py") if not ast.get_docstring(ast.parse(read(p)))] == []


def test_nothing_is_left_for_later() -> None:
    allowed_in_tests = {"Not" + "ImplementedError"}
    found = {
        str(path): set(LATER.findall(read(path)))
        - (allowed_in_tests if path.parts[0] == "tests" else set())
        for path in tracked(*TEXT)
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = {str(path): OF_A_MACHINE.findall(read(path)) for path in tracked(*TEXT)}
    assert {path: names for path, names in found.items() if names} == {}


def test_every_document_that_is_named_is_there() -> None:
    documents = {document.name for document in tracked(".md")}
    named = {
        str(path): {Path(name).name for name in DOCUMENT.findall(read(path))} - documents
        for path in tracked(*TEXT)
    }
    assert {path: names for path, names in named.items() if names} == {}


def test_no_package_is_an_attic() -> None:
    attics = {"utils", "helpers", "common", "misc"}
    parts = {part.removesuffix(".py") for path in tracked(".py") for part in path.parts}
    assert parts & attics == set()
