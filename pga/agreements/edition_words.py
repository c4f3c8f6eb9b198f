"""A limit in words: its parts as an edition has them, beside what another edition says."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.agreements.cell_words import joined
from pga.policy.catalogue import Check
from pga.policy.catalogue_text import check_data
from pga.policy.codes import MONEY_MULE_CATEGORIES, YOUTH_CATEGORIES, Category, Partner
from pga.policy.editions import CheckChange

PARTS: Final[Mapping[str, LazyString]] = {
    "version": _("Version"),
    "kind": _("Kind"),
    "article": _("Article"),
    "mark": _("Legally certain"),
    "text": _("In short"),
    "explanation": _("In plain words"),
    "places": _("Cells"),
    "condition": _("Asks"),
    "partners": _("Partners"),
    "providers": _("From"),
    "consumers": _("To"),
    "categories": _("Categories"),
    "non_purpose": _("Rules out"),
    "exclusion": _("Keeps out"),
    "age": _("From age"),
    "object": _("Keeps"),
    "term": _("At most"),
}
MARKS: Final[Mapping[str, LazyString]] = {
    "verified": _("yes"),
    "to_verify": _("legally to be checked"),
}
SIDES: Final[Mapping[str, LazyString]] = {
    "provide": _("bringing"),
    "consult": _("seeing"),
}
_UNTOLD: Final = frozenset({"kind", "version"})
_CATEGORIES: Final = (*YOUTH_CATEGORIES, *MONEY_MULE_CATEGORIES, Category.SIGNAL)


def parts_of(change: CheckChange) -> list[str]:
    """List the parts of a limit that an edition has otherwise, in the order of `PARTS`."""
    if change.parts:
        return [part for part in PARTS if part in change.parts]
    check = change.before or change.after
    return [part for part in PARTS if part not in _UNTOLD and lines_of(check, part)]


def lines_of(check: Check | None, part: str) -> list[str]:
    """Say one part of a limit, line by line; nothing where there is no such part."""
    value = None if check is None else check_data(check).get(part)
    if value is None:
        return []
    if part == "places":
        return [place_of(one) for one in value]
    return [_said(part, value)]


def place_of(place: Mapping[str, Any]) -> str:
    """Say to which sides of which cells a limit speaks."""
    return str(
        gettext(
            "%(partners)s: %(sides)s of %(categories)s",
            partners=_partners(place["partners"]),
            sides=joined(str(SIDES[one]) for one in place["sides"]),
            categories=_categories(place["categories"]),
        )
    )


def _said(part: str, value: Any) -> str:  # noqa: ANN401 - whatever a check holds
    """Say the value of a part."""
    match part:
        case "mark":
            return str(MARKS[value])
        case "partners" | "providers" | "consumers":
            return _partners(value)
        case "categories":
            return _categories(value)
        case "condition":
            return words.condition(value)
        case "text" | "explanation":
            return str(gettext(value))
        case _:
            return str(value)


def _partners(codes: list[str]) -> str:
    """Name partners; of nearly all, those that are left out."""
    return _some(codes, [str(one) for one in Partner], words.partner, _("all partners"))


def _categories(codes: list[str]) -> str:
    """Name categories; of nearly all, those that are left out."""
    return _some(codes, [str(one) for one in _CATEGORIES], words.category, _("all categories"))


def _some(codes: list[str], known: list[str], name: Any, everything: LazyString) -> str:  # noqa: ANN401 - names a code
    """Name codes, or say all, or all but some where that is shorter."""
    left = [one for one in known if one not in codes]
    if not left:
        return str(everything)
    if len(left) < len(codes):
        but = joined(name(one) for one in left)
        return str(gettext("%(all)s but %(left)s", all=str(everything), left=but))
    return joined(name(one) for one in codes)
