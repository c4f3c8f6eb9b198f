"""The glossary is the one dictionary: every term that the code defines stands in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, tracked

GLOSSARY = ROOT / "docs" / "glossary.md"


def defines_terms(path: Path) -> bool:
    """Tables, rules and the codes of the policy are where terms come from."""
    parts = {part.removesuffix(".py") for part in path.parts[1:]}
    return path.parts[0] in {"audit", "auth", "pga"} and bool(parts & {"models", "rules", "codes"})


def terms() -> Iterator[tuple[str, str]]:
    """Give the name of each table and of each closed list of values, with where it stands."""
    for path in tracked(".py"):
        if not defines_terms(path):
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and {"Model", "StrEnum"} & set(
                map(ast.unparse, node.bases)
            ):
                yield node.name, str(path)


def test_every_table_and_every_list_of_values_is_in_the_glossary() -> None:
    words = set(re.findall(r"`(\w+)`", GLOSSARY.read_text("utf-8")))
    assert [f"{name} ({where})" for name, where in terms() if name not in words] == []
