"""Read the documents of the project: their tables, links and the names of code they mention."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT, tracked

DOCS = Path("docs")
CODE = ("audit", "auth", "config", "pga")
FOLDERS = (*CODE, "docs", "migrations", "requirements", "tests", ".ci")
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PLACE = re.compile(r"(?P<path>[\w./-]+\.py):(?P<name>[A-Za-z_][\w.]*)")
_TEST = re.compile(r"test_\w+")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_DUTCH = re.compile(r"\(([a-zà-ÿ][^()\d]*?)(?:, G\d)?\)")


@dataclass(frozen=True)
class Table:
    """A table of a document, with the heading it stands under."""

    heading: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        """Give the cells under a column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def documents() -> list[Path]:
    """List the documents: the README and everything in docs/."""
    return [path for path in tracked(".md") if path.parts[0] in ("README.md", "docs")]


def read(path: Path) -> str:
    """Read a document without its fenced blocks."""
    return _FENCE.sub("", (ROOT / path).read_text("utf-8"))


def tables(path: Path) -> list[Table]:
    """Read the tables of a document in their order."""
    found: list[Table] = []
    heading, inside = "", False
    for line in read(path).splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not inside:
            found.append(Table(heading, cells))
            inside = True
        elif not set(line) <= set("|-: "):
            found[-1].rows.append(cells)
    return found


def quoted(text: str) -> list[str]:
    """List what stands between backticks."""
    return _QUOTED.findall(text)


def links(text: str) -> list[str]:
    """List where the links of a text lead."""
    return _LINK.findall(text)


def named_tests(text: str) -> list[str]:
    """List the tests a text names."""
    return [name for name in quoted(text) if _TEST.fullmatch(name)]


def named_places(text: str) -> list[str]:
    """List the places in the code a text names, as `path.py:name`."""
    return [name for name in quoted(text) if _PLACE.fullmatch(name)]


def missing(text: str) -> list[str]:
    """List the files, functions and tests a text names that do not exist."""
    gone = [name for name in named_tests(text) if name not in all_tests()]
    for name in quoted(text):
        place = _PLACE.fullmatch(name)
        if place:
            path, inner = Path(place["path"]), place["name"]
            if not (ROOT / path).is_file() or inner not in defined_in(path):
                gone.append(name)
        elif _is_path(name) and not any(ROOT.glob(name.rstrip("/"))):
            gone.append(name)
    return gone


def _is_path(name: str) -> bool:
    return "/" in name and " " not in name and Path(name).parts[0] in FOLDERS


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a source file, given from the root."""
    return ast.parse((ROOT / path).read_text("utf-8"))


@cache
def defined_in(path: Path) -> frozenset[str]:
    """List what a file defines at its top, and the members of its classes as Class.member."""
    return frozenset(_defined(parsed(path).body))


def _defined(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield before + node.name
        if isinstance(node, ast.ClassDef):
            yield from _defined(node.body, f"{before}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            yield from (before + name.id for name in names if isinstance(name, ast.Name))


@cache
def all_tests() -> frozenset[str]:
    """List every test function of the project."""
    return frozenset(
        node.name
        for path in tracked(".py")
        if path.parts[0] == "tests"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@dataclass(frozen=True)
class Term:
    """A class that stands for a word of the domain, with its Dutch word if it names one."""

    path: Path
    name: str
    dutch: str
    is_table: bool
    members: tuple[str, ...]


@cache
def terms() -> tuple[Term, ...]:
    """List the classes of the code that are tables, enumerations, or name a Dutch word."""
    found = []
    for path in tracked(".py"):
        if path.parts[0] not in CODE:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base) for base in node.bases}
                first = (ast.get_docstring(node) or "").partition("\n")[0]
                dutch = _DUTCH.search(first)
                members = [
                    ast.literal_eval(one.value)
                    for one in node.body
                    if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
                ]
                found.append(
                    Term(
                        path,
                        node.name,
                        dutch[1] if dutch else "",
                        is_table="Model" in bases,
                        members=tuple(map(str, members)) if "StrEnum" in bases else (),
                    )
                )
    return tuple(found)
