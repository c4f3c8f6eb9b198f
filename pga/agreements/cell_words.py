"""Plain words for the cells of a matrix: what a partner brings and sees, when, and if what.

A notation such as `2nb/R2n` is taken apart into choices a person can tick, and put together again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.policy.cells import Cell, Side, parse_cell
from pga.policy.codes import Condition, Partner, Stage, conditions_in
from pga.web.i18n import said_once

Names = Mapping[str, LazyString]

# In the order of a form: from closed to wide open.
PROVIDE: Names = MappingProxyType(
    {
        "X": _("Does not bring this"),
        "-": _("Has no such data itself"),
        "0": _("Says only whether it knows the young person, from triage on"),
        "2": _("Brings this from the case meeting on"),
        "1": _("Brings this from triage on"),
    }
)
CONSULT: Names = MappingProxyType(
    {
        "X": _("Does not see this"),
        "o": _("Sees only what it brought itself"),
        "handover": _("Gets this only in a handover"),
        "R2": _("Sees this from the case meeting on"),
        "R1": _("Sees this from triage on"),
    }
)
ON_PROVIDE: Names = MappingProxyType(
    {
        "n": _("A weighing note says why this is necessary"),
        "t": _("A release from professional secrecy covers it"),
        "b": _("A written disclosure decision names it"),
    }
)
ON_CONSULT: Names = MappingProxyType(
    {
        "n": _("Only who is named as reader or action owner"),
        "t": _("The release names this organisation"),
    }
)
ARTICLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "n": "AVG 5(1)(c)",
        "t": "WGBO 7:457, Jeugdwet 7.3.11",
        "b": "Wpg 18-20, Wjsg 39f",
    }
)
"""Which law a condition keeps to, on either side of a cell."""
LETTERS: Final[Mapping[Condition, str]] = MappingProxyType(
    {
        Condition.WEIGHING_NOTE: "n",
        Condition.NAMED_RECIPIENT: "n",
        Condition.SECRECY_RELEASE: "t",
        Condition.DISCLOSURE_DECISION: "b",
    }
)
STAGES: Names = MappingProxyType(
    {
        Stage.INTAKE: _("Signal"),
        Stage.FIRST: _("Triage"),
        Stage.FULL: _("Case meeting, plan and progress"),
        Stage.AFTERCARE: _("Aftercare"),
        Stage.CLOSED: _("Closed"),
    }
)
SEEN: Names = MappingProxyType(
    {
        "open": _("open"),
        "conditional": _("open under a condition"),
        "hit_only": _("only known or not known"),
        "later": _("not yet in this phase"),
        "own": _("own items only"),
        "never": _("closed"),
    }
)


@dataclass(frozen=True, slots=True)
class SideSeen:
    """One side of a cell in one stage, for a matrix: its state and the letters it asks."""

    state: str
    letters: str

    @property
    def is_open(self) -> bool:
        """Tell whether anything goes through in this stage."""
        return self.state in {"open", "conditional", "hit_only"}


def side_in(side: Side, stage: Stage) -> SideSeen:
    """Tell what a side of a cell is in a stage."""
    letters = "".join(LETTERS[condition] for condition in conditions_in(side.need))
    if not side.is_open:
        return SideSeen("own" if side.sign == "o" else "never", "")
    if stage not in side.stages:
        return SideSeen("later", letters)
    if side.sign == "0":
        return SideSeen("hit_only", letters)
    return SideSeen("conditional" if letters else "open", letters)


def put_together(provide: str, asked: Sequence[str], consult: str, needed: Sequence[str]) -> str:
    """Write the choices of a form in the notation, conditions in their fixed order.

    A condition on a side that opens nothing says nothing, so it is left out. Raises
    CellNotationError for a choice that is none.
    """
    bring = provide + "".join(asked) if provide in {"0", "1", "2"} else provide
    see = consult + "".join(needed) if consult in {"R1", "R2"} else consult
    return parse_cell(f"{bring}/{see}").text


def taken_apart(cell: Cell) -> dict[str, str | list[str]]:
    """Give the choices of a form that make a cell."""
    return {
        "provide": cell.provide.sign,
        "asked": list(cell.provide.text[len(cell.provide.sign) :]),
        "consult": cell.consult.sign,
        "needed": list(cell.consult.text[len(cell.consult.sign) :]),
    }


def consult_choices(partner: Partner) -> list[tuple[str, LazyString]]:
    """List what a partner may be given to see; a handover is for ZVH alone (R-27)."""
    return [
        (sign, text)
        for sign, text in CONSULT.items()
        if sign != "handover" or partner is Partner.ZVH
    ]


@said_once
def said(notation: str) -> str:
    """Say a cell as two short sentences."""
    cell = parse_cell(notation)
    return f"{_side(PROVIDE, cell.provide)}. {_side(CONSULT, cell.consult)}."


@said_once
def bring(notation: str) -> str:
    """Say what a partner brings by a cell."""
    return _side(PROVIDE, parse_cell(notation).provide)


@said_once
def see(notation: str) -> str:
    """Say what a partner sees by a cell."""
    return _side(CONSULT, parse_cell(notation).consult)


def _side(names: Names, side: Side) -> str:
    """Say one side of a cell with what it asks."""
    text = str(names[side.sign])
    if not side.need:
        return text
    return str(gettext("%(what)s, if there is: %(asked)s", what=text, asked=asked(side)))


def asked(side: Side) -> str:
    """List what a side of a cell asks, in plain words."""
    return joined(words.condition(condition) for condition in conditions_in(side.need))


def joined(texts: Iterable[str]) -> str:
    """Join texts with commas, and the last with "and"."""
    *most, last = texts
    return f"{', '.join(most)} {gettext('and')} {last}" if most else last
