"""Read YAML as nodes that know their line, so that every fault in an agreement has a place.

Nothing is constructed from the text but strings: no YAML tag can make an object, and `1.0` or a
date stays as it was written. Every fault is kept; reading goes on, so that one run tells all.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

E = TypeVar("E", bound=StrEnum)

LONGEST_TEXT = 2_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault in the text of an agreement and its line."""

    line: int
    text: str

    def __str__(self) -> str:
        """Write the fault with its place."""
        return f"line {self.line}: {self.text}"


class DocumentError(ValueError):
    """The text is no agreement; `problems` lists every fault with its line."""

    def __init__(self, problems: Collection[Problem]) -> None:
        """Keep the faults in the order of the text."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def root_of(text: str) -> yaml.Node:
    """Read the one document of a text as nodes. Raises DocumentError when it is not YAML."""
    if len(text) > LONGEST_TEXT:
        raise DocumentError([Problem(1, f"longer than {LONGEST_TEXT} characters")])
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = 1 if mark is None else mark.line + 1
        raise DocumentError([Problem(place, f"not YAML: {fault.problem}")]) from None
    except (yaml.YAMLError, RecursionError):
        raise DocumentError([Problem(1, "not YAML")]) from None
    if root is None:
        raise DocumentError([Problem(1, "the file is empty")])
    return root


@dataclass(slots=True)
class Reader:
    """Read nodes as values and keep every fault; a value that cannot be read has a plain default.

    Whoever uses it throws everything away when `problems` is not empty.
    """

    problems: list[Problem] = field(default_factory=list)

    def fault(self, node: yaml.Node, text: str) -> None:
        """Keep a fault at the line of a node."""
        self.problems.append(Problem(line_of(node), text))

    def pairs(
        self, node: yaml.Node | None, what: str
    ) -> Iterator[tuple[yaml.Node, str, yaml.Node]]:
        """Give key node, key and value of a mapping; a key that stands twice is a fault.

        No node is an empty mapping.
        """
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} must be a mapping of keys and values")
            return
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            key = self.text(key_node, f"a key of {what}")
            if key in seen:
                self.fault(key_node, f"'{key}' stands twice in {what}; first on line {seen[key]}")
                continue
            seen[key] = line_of(key_node)
            yield key_node, key, value

    def fields(
        self, node: yaml.Node, what: str, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, yaml.Node]:
        """Give the values of known keys; an unknown or missing key is a fault."""
        found: dict[str, yaml.Node] = {}
        for key_node, key, value in self.pairs(node, what):
            if key in required or key in optional:
                found[key] = value
            else:
                self.fault(key_node, f"unknown key '{key}' in {what}")
        if isinstance(node, yaml.MappingNode):
            for key in required:
                if key not in found:
                    self.fault(node, f"{what} has no '{key}'")
        return found

    def items(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """Give the items of a list; no node is an empty list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{what} must be a list")
            return []
        return list(node.value)

    def text(self, node: yaml.Node | None, what: str, default: str = "") -> str:
        """Give a text as it was written; no node and null are the default."""
        if node is None or node.tag == _NULL:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{what} must be a text")
            return default
        return str(node.value).strip()

    def filled(self, node: yaml.Node | None, what: str) -> str:
        """Give a text that may not be empty; no node was already a fault of `fields`."""
        text = self.text(node, what)
        if node is not None and isinstance(node, yaml.ScalarNode) and not text:
            self.fault(node, f"{what} is empty")
        return text

    def day(self, node: yaml.Node | None, what: str) -> date:
        """Give a day, written as 2026-01-31."""
        text = self.text(node, what)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        if node is not None:
            self.fault(node, f"{what} must be a day, as in 2026-01-31")
        return date.min

    def number(self, node: yaml.Node | None, what: str) -> int:
        """Give a whole number, zero or more."""
        text = self.text(node, what)
        if text.isascii() and text.isdigit():
            return int(text)
        if node is not None:
            self.fault(node, f"{what} must be a whole number")
        return 0

    def flag(self, node: yaml.Node | None, what: str) -> bool:
        """Give true or false; nothing else counts, for `verified: ja` must not pass as true."""
        text = self.text(node, what)
        if node is not None and text not in ("true", "false"):
            self.fault(node, f"{what} must be true or false")
        return text == "true"

    def code(self, node: yaml.Node, kind: type[E], what: str) -> E | None:
        """Give a code of a controlled list, or None with a fault."""
        text = self.text(node, what)
        try:
            return kind(text)
        except ValueError:
            self.fault(node, f"'{text}' is no known {what}")
            return None

    def codes(self, node: yaml.Node | None, kind: type[E], what: str) -> tuple[E, ...]:
        """Give a list of codes, each once."""
        found: list[E] = []
        for item in self.items(node, f"the list of {what}"):
            code = self.code(item, kind, what)
            if code in found:
                self.fault(item, f"'{code}' stands twice")
            elif code is not None:
                found.append(code)
        return tuple(found)


def line_of(node: yaml.Node) -> int:
    """Give the line of a node, counted from 1."""
    return int(node.start_mark.line) + 1
