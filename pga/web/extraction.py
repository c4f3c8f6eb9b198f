"""Which texts in the code are message ids: the marks every room uses.

In templates: `{% trans %}`, `_()`, `gettext()`, `ngettext()`. In Python, as literals:

- the first argument of `_`, `gettext`, `lazy_gettext` and, for plurals, both of `ngettext`;
- `message = "..."` in an `ApplicationError` with a status, and the first argument it is raised
  with, also when that text was given a name first;
- the first argument of `Message(...)`, which the pure rooms use, and of `ValidationError(...)`;
- the second argument of `NavItem(endpoint, label, ...)` and of `Saying(pattern, message_id)`;
- `error="..."` and the values of `error_messages={...}` in a file that uses marshmallow.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2.ext import babel_extract

VALUE = re.compile(r"%\((\w+)\)[sd]")
FIRST = frozenset(
    {"_", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "Message", "ValidationError"}
)
SECOND = frozenset({"NavItem", "Saying"})
ROOT_ERROR = "ApplicationError"


@dataclass(frozen=True, slots=True)
class Use:
    """A message id and where it is used."""

    path: Path
    line: int
    message_id: str


def message_ids(rooms: list[Path]) -> Iterator[Use]:
    """Find every message id of the rooms, in their Python and their templates."""
    trees = {
        path: ast.parse(path.read_text("utf-8"), str(path))
        for room in rooms
        for path in sorted(room.rglob("*.py"))
        if "node_modules" not in path.parts
    }
    shown = shown_errors(list(trees.values()))
    for path, tree in trees.items():
        for text in in_python(tree, shown):
            yield Use(path, text.lineno, str(text.value))
    for room in rooms:
        for path in sorted(room.glob("templates/**/*.html")):
            yield from in_template(path)


def shown_errors(trees: list[ast.Module]) -> frozenset[str]:
    """Name the error classes whose message a page may show.

    All that descend from `ApplicationError` and have a status of their own or inherit one; the
    others end as 500, and that page never says what went wrong inside.
    """
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = {node.name: {_name(base) for base in node.bases} for node in classes}
    with_status = {
        node.name for node in classes if any(_names_set(line) & {"status"} for line in node.body)
    }
    family = _descendants({ROOT_ERROR}, bases)
    return frozenset(_descendants(with_status & family - {ROOT_ERROR}, bases))


def _descendants(found: set[str], bases: dict[str, set[str]]) -> set[str]:
    """Give these classes and all that descend from them."""
    while grown := {name for name, of in bases.items() if of & found} - found:
        found = found | grown
    return found


def in_template(path: Path) -> Iterator[Use]:
    """Find the message ids of a template; of a plural, the singular stands for both."""
    with path.open("rb") as file:
        options = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
        for line, _, found, _ in babel_extract(file, ("_", "gettext", "ngettext"), (), options):
            text = found[0] if isinstance(found, tuple) else found
            if text:
                yield Use(path, line, text)


def in_python(tree: ast.Module, shown: frozenset[str]) -> Iterator[ast.Constant]:
    """Find the message ids of a Python file, given the names of the errors a page may show."""
    has_schemas = any(
        isinstance(node, ast.ImportFrom) and node.module == "marshmallow" for node in tree.body
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, shown, has_schemas=has_schemas)
        elif isinstance(node, ast.ClassDef) and node.name in shown:
            for statement in node.body:
                yield from _assigned(statement, {"message"})
        elif isinstance(node, ast.FunctionDef):
            yield from _raised(node, shown)


def _of_call(node: ast.Call, shown: frozenset[str], *, has_schemas: bool) -> Iterator[ast.Constant]:
    """Find the message ids among the arguments of a call."""
    name = _name(node.func)
    if name in FIRST or name in shown:
        yield from _texts(node.args[:1])
    elif name in SECOND:
        yield from _texts(node.args[1:2])
    for keyword in node.keywords:
        if has_schemas and keyword.arg in {"error", "error_messages"}:
            yield from _texts([keyword.value])


def _raised(function: ast.FunctionDef, shown: frozenset[str]) -> Iterator[ast.Constant]:
    """Find texts that are given a name first and then raised with an error."""
    names = {
        argument.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and _name(node.func) in shown
        for argument in node.args[:1]
        if isinstance(argument, ast.Name)
    }
    for node in ast.walk(function):
        yield from _assigned(node, names)


def _assigned(node: ast.AST, names: set[str]) -> Iterator[ast.Constant]:
    """Find the text that is assigned to one of the names."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _names_set(node) & names:
        yield from _texts([node.value])


def _names_set(node: ast.AST) -> set[str]:
    """Give the names an assignment sets."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _texts(values: list[ast.expr]) -> Iterator[ast.Constant]:
    """Find the literal texts in values: bare, chosen between, in a list, or as a dict's values."""
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            if value.value:
                yield value
        elif isinstance(value, ast.Dict):
            yield from _texts(value.values)
        elif isinstance(value, ast.List | ast.Tuple):
            yield from _texts(value.elts)
        elif isinstance(value, ast.IfExp):
            yield from _texts([value.body, value.orelse])


def _name(function: ast.expr) -> str:
    """Give the last name of what is called or inherited."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
