"""The text of a catalogue of guardrails: `parse_catalogue` reads it, strictly, with lines."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar

import yaml

from pga.policy.catalogue import KINDS, Catalogue, CellNeeds, CellSide, Check, Mark, Place
from pga.policy.cells import ON_CONSULT, ON_PROVIDE
from pga.policy.codes import (
    MONEY_MULE_CATEGORIES,
    YOUTH_CATEGORIES,
    Category,
    Condition,
    Exclusion,
    NonPurpose,
    Partner,
)
from pga.policy.library import GUARDRAILS
from pga.policy.nodes import DocumentError, Reader, root_of
from pga.policy.terms import RetentionObject, Term, is_term

E = TypeVar("E", bound=StrEnum)
Plain = dict[str, Any]

_CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_COMMON: Final = ("code", "version", "kind", "article", "mark", "text", "explanation")
# The signal is no category of a matrix, yet what the law asks of its sender holds for it too.
_CATEGORIES: Final = (*YOUTH_CATEGORIES, *MONEY_MULE_CATEGORIES, Category.SIGNAL)
_ASKED_ON: Final = {
    CellSide.PROVIDE: frozenset(ON_PROVIDE.values()),
    CellSide.CONSULT: frozenset(ON_CONSULT.values()),
}


def parse_catalogue(text: str) -> Catalogue:
    """Read an edition of the catalogue.

    Raises DocumentError with every fault and its line: an unknown kind, code or parameter, a code
    that stands twice, a parameter that its kind does not have.
    """
    root = root_of(text)
    reader = _Checks()
    keys = reader.fields(root, "the catalogue", ("edition", "checks"))
    edition = reader.filled(keys.get("edition"), "edition")
    checks: list[Check] = []
    for node in reader.items(keys.get("checks"), "checks"):
        check = reader.check(node)
        if check is not None:
            if any(check.code == other.code for other in checks):
                reader.fault(node, f"check {check.code} stands twice")
            checks.append(check)
    if reader.problems:
        raise DocumentError(reader.problems)
    return Catalogue(edition, _hash(edition, checks), tuple(checks))


@cache
def current() -> Catalogue:
    """Give the edition that the program comes with."""
    return parse_catalogue(GUARDRAILS.read_text("utf-8"))


def check_data(check: Check) -> Plain:
    """Give a check as plain data with the keys of the file; no list has an order of its own."""
    data: Plain = {name: getattr(check, name) for name in _COMMON}
    data.update({one.name: getattr(check.rule, one.name) for one in fields(check.rule)})
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Give a value as plain data."""
    match value:
        case Place():
            return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        case frozenset() | tuple():
            return sorted(map(_plain, value), key=str)
        case Term():
            return value.text
        case int():
            return value
        case _:
            return str(value)


def _hash(edition: str, checks: Collection[Check]) -> str:
    """Hash what a catalogue says."""
    said = [edition, sorted(map(check_data, checks), key=lambda one: str(one["code"]))]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class _Checks(Reader):
    """Read checks; every method records its faults."""

    def check(self, node: yaml.Node) -> Check | None:
        """Read one check; None when its rule cannot be read."""
        known = {one.name for kind in KINDS.values() for one in fields(kind)}
        keys = self.fields(node, "a check", _COMMON, known)
        if "kind" not in keys:
            return None
        kind = KINDS.get(self.text(keys["kind"], "kind"))
        if kind is None:
            self.fault(keys["kind"], "this is no known kind of check")
            return None
        before = len(self.problems)
        code = self.filled(keys.get("code"), "code")
        if "code" in keys and not _CODE.fullmatch(code):
            self.fault(keys["code"], "code must be capitals and digits, as in G1 or R-24")
        mark = self.code(keys["mark"], Mark, "mark") if "mark" in keys else None
        version = self.number(keys.get("version"), "version")
        if "version" in keys and not version:
            self.fault(keys["version"], "version is counted from 1")
        for name in ("article", "explanation"):
            # These become sentences with values to fill in, in which such a sign has a meaning.
            if "%" in self.text(keys.get(name), name):
                self.fault(keys[name], f"{name} holds a percent sign")
        values = self._parameters(node, kind, keys)
        if len(self.problems) > before:
            return None
        make: Callable[..., Any] = kind
        return Check(
            code=code,
            version=version,
            article=self.filled(keys.get("article"), "article"),
            mark=mark or Mark.TO_VERIFY,
            text=self.filled(keys.get("text"), "text"),
            explanation=self.filled(keys.get("explanation"), "explanation"),
            rule=make(**values),
        )

    def _parameters(self, node: yaml.Node, kind: type, keys: Mapping[str, yaml.Node]) -> Plain:
        """Read what a kind of check has for parameters, neither more nor less."""
        wanted = [one.name for one in fields(kind)]
        for name, value in keys.items():
            if name not in (*wanted, *_COMMON):
                self.fault(value, f"a check of this kind has no '{name}'")
        for name in wanted:
            if name not in keys:
                self.fault(node, f"a check of this kind needs '{name}'")
        values = {name: _READ[name](self, keys[name]) for name in wanted if name in keys}
        if kind is CellNeeds and len(values) == len(wanted):
            self._asked(keys["condition"], values)
        return values

    def _asked(self, node: yaml.Node, values: Plain) -> None:
        """Keep a fault for a condition that no suffix of these sides can ask."""
        condition: Condition | None = values["condition"]
        for side in sorted({side for place in values["places"] for side in place.sides}):
            if condition is not None and condition not in _ASKED_ON[side]:
                self.fault(node, f"no cell can ask {condition} on {side}")

    def places(self, node: yaml.Node) -> tuple[Place, ...]:
        """Read to which sides of which cells a rule speaks."""
        found = []
        for item in self.items(node, "places"):
            keys = self.fields(item, "a place", ("partners", "categories", "sides"))
            if len(keys) == len(fields(Place)):
                sides = self._some(keys["sides"], CellSide, "side", CellSide)
                partners, categories = (
                    self.partners(keys["partners"]),
                    self.categories(keys["categories"]),
                )
                found.append(Place(partners, categories, sides))
        if isinstance(node, yaml.SequenceNode) and not node.value:
            self.fault(node, "places is empty")
        return tuple(found)

    def partners(self, node: yaml.Node) -> frozenset[Partner]:
        """Read partners: a list, `all`, or all but some."""
        return self._some(node, Partner, "partner", Partner)

    def categories(self, node: yaml.Node) -> frozenset[Category]:
        """Read categories: a list, `all`, or all but some; the signal is one of all."""
        return self._some(node, Category, "category", _CATEGORIES)

    def _some(
        self, node: yaml.Node, kind: type[E], what: str, everything: Iterable[E]
    ) -> frozenset[E]:
        """Read a list of codes, `all`, or a mapping `all_but` of a list."""
        if isinstance(node, yaml.ScalarNode) and node.value == "all":
            return frozenset(everything)
        if isinstance(node, yaml.MappingNode):
            keys = self.fields(node, f"a set of {what}", ("all_but",))
            return frozenset(everything).difference(self.codes(keys.get("all_but"), kind, what))
        if isinstance(node, yaml.SequenceNode) and not node.value:
            self.fault(node, f"the list of {what} is empty")
        return frozenset(self.codes(node, kind, what))

    def term(self, node: yaml.Node) -> Term:
        """Read a period."""
        text = self.text(node, "term")
        if not is_term(text):
            self.fault(node, "term must be a period, as in P4W, P3M or P1Y")
        return Term(text)


_READ: Final[Mapping[str, Callable[[_Checks, yaml.Node], object]]] = {
    "places": _Checks.places,
    "condition": lambda read, node: read.code(node, Condition, "condition"),
    "partners": _Checks.partners,
    "providers": _Checks.partners,
    "consumers": _Checks.partners,
    "categories": _Checks.categories,
    "non_purpose": lambda read, node: read.code(node, NonPurpose, "purpose"),
    "exclusion": lambda read, node: read.code(node, Exclusion, "exclusion"),
    "age": lambda read, node: read.number(node, "age"),
    "object": lambda read, node: read.code(node, RetentionObject, "object of retention"),
    "term": _Checks.term,
}
