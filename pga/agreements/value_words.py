"""What stands at a place of an agreement in words, as its history and a model beside it keep it."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import yaml
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import cell_words, example_words, words
from pga.agreements.term_words import DOMAINS, EXCLUSIONS, HEADER, period
from pga.policy.cells import CellNotationError
from pga.policy.terms import Term
from pga.web.filters import day

_LABELS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        **HEADER,
        "age_from": _("From age"),
        "age_until": _("Up to and including age"),
        "articles": _("Articles"),
        "basis": _("On what ground"),
        "categories": _("Speaks on"),
        "comment": _("Comment"),
        "domain": _("Field of work"),
        "exception_9_10": _("Exception for special or criminal data"),
        "exclusions": _("Who and what stays out"),
        "obligations": _("What it obliges to"),
        "provide": _("Brings on the basis of"),
        "reason": _("Reason"),
        "receive": _("Receives on the basis of"),
        "represented_by": _("Represented by"),
        "secrecy": _("Way out of professional secrecy"),
        "term": _("How long"),
    }
)
_WITHOUT_LABEL: Final = frozenset({"id", "name", "target_group", "text"})
_UNSAID: Final = frozenset({"of", "partner"})


def lines(text: str) -> list[str]:
    """Say what stood at a place, in lines; nothing stood there when there are none."""
    return _lines(yaml.safe_load(text) if text else None)


def _lines(found: object) -> list[str]:
    """Say a value, whatever its form."""
    if isinstance(found, list):
        return [line for each in found for line in _lines(each)]
    if not isinstance(found, dict):
        return [str(found)] if found else []
    if "may" in found:
        return example_words.said(found)
    return [
        line
        for key, each in found.items()
        if key not in _UNSAID and each not in ("", [], None)
        for line in _part(str(key), each)
    ]


def _part(key: str, found: object) -> list[str]:
    """Say one part of a value."""
    if key == "parties":
        return _lines(found)
    if key == "verified":
        return [gettext("Confirmed by a lawyer.") if found else gettext("legally to be checked")]
    if key in _WITHOUT_LABEL:
        return [str(found)]
    if key == "cell":
        return [_cell(found)]
    if key in words.CATEGORIES:
        return [f"{words.category(key)}: {_cell(found)}"]
    say = _SAYINGS.get(key, str)
    return [f"{_LABELS.get(key, key)}: {say(found)}"]


def _cell(notation: object) -> str:
    """Say a cell, with its notation for who knows it."""
    try:
        return f"{cell_words.said(str(notation))} ({notation})"
    except CellNotationError:
        return str(notation)


def _each(say: Callable[[str], object]) -> Callable[[object], str]:
    """Say every code of a list."""
    return lambda found: ", ".join(str(say(str(code))) for code in _listed(found))


def _listed(found: object) -> list[object]:
    """Give the entries of a list; a single value is a list of one."""
    return found if isinstance(found, list) else [found]


def _bases(found: object) -> str:
    """Say the legal basis of one side: one for all purposes, or one for each."""
    if not isinstance(found, dict):
        return words.basis(str(found))
    told = (f"{words.purpose(code)}: {words.basis(basis)}" for code, basis in found.items())
    return "; ".join(told)


def _day(found: object) -> str:
    """Say a day."""
    return day(date.fromisoformat(str(found)))


_SAYINGS: Final[Mapping[str, Callable[[object], str]]] = MappingProxyType(
    {
        "articles": _each(str),
        "basis": lambda found: words.basis(str(found)),
        "categories": _each(words.category),
        "domain": lambda found: str(DOMAINS.get(str(found), found)),
        "evaluation": _day,
        "exception_9_10": lambda found: words.exception(str(found)),
        "exclusions": _each(lambda code: EXCLUSIONS.get(code, code)),
        "obligations": _each(words.obligation),
        "provide": _bases,
        "receive": _bases,
        "secrecy": lambda found: words.way_out(str(found)),
        "term": lambda found: period(Term(str(found))),
        "valid_from": _day,
        "valid_until": _day,
    }
)
