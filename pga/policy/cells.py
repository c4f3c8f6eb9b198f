"""Cells of a matrix in the notation of the agreement: `provide/consult`, as in `2nb/R2n`.

The suffixes are the only conditions of a cell: `n` asks a weighing note of the provider and a
named recipient of the reader, `t` a secrecy release, `b` a disclosure decision.
"""

import re
from dataclasses import dataclass
from functools import cache

from pga.policy.codes import BIT, Condition, Stage

NOTHING = frozenset[Stage]()
FROM_TRIAGE = frozenset({Stage.FIRST, Stage.FULL, Stage.AFTERCARE})
FROM_MEETING = frozenset({Stage.FULL, Stage.AFTERCARE})

_OPENS = {"0": FROM_TRIAGE, "1": FROM_TRIAGE, "2": FROM_MEETING, "R1": FROM_TRIAGE}
_OPENS["R2"] = FROM_MEETING
ON_PROVIDE = {
    "n": Condition.WEIGHING_NOTE,
    "t": Condition.SECRECY_RELEASE,
    "b": Condition.DISCLOSURE_DECISION,
}
ON_CONSULT = {"n": Condition.NAMED_RECIPIENT, "t": Condition.SECRECY_RELEASE}
_NOTATION = re.compile(
    r"(?P<provide>[-X]|[012](?P<asked>[ntb]*))/(?P<consult>X|o|handover|R[12](?P<needed>[nt]*))"
)


class CellNotationError(ValueError):
    """A cell is not written in the notation of the agreement."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a cell: its text, its sign, in which stages it opens and what it asks."""

    text: str
    sign: str
    stages: frozenset[Stage]
    need: int

    @property
    def is_open(self) -> bool:
        """Tell whether this side ever opens; `-`, `X`, `o` and `handover` never do."""
        return bool(self.stages)

    @property
    def opens_later(self) -> bool:
        """Tell whether it opens from the meeting on (F2), not from triage (F1)."""
        return self.stages == FROM_MEETING


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the data matrix (cel): what one partner may bring and see of one category."""

    text: str
    provide: Side
    consult: Side

    @property
    def is_shut(self) -> bool:
        """Tell whether nothing can be brought and nothing be seen, not even one's own."""
        return not self.provide.is_open and self.consult.sign in ("X", "handover")


@cache
def parse_cell(text: str) -> Cell:
    """Read a cell. Raises CellNotationError when it is not in the notation."""
    match = _NOTATION.fullmatch(text)
    if match is None:
        message = f"'{text}' is no cell: write provide/consult, as in 1/R1, 2nb/R2n or X/X"
        raise CellNotationError(message)
    provide = _side(match["provide"], match["asked"] or "", ON_PROVIDE)
    consult = _side(match["consult"], match["needed"] or "", ON_CONSULT)
    return Cell(f"{provide.text}/{consult.text}", provide, consult)


def _side(text: str, suffixes: str, meaning: dict[str, Condition]) -> Side:
    """Read one side; suffixes are put in their fixed order, so that equal cells are equal."""
    if len(set(suffixes)) != len(suffixes):
        message = f"'{text}' names a condition twice"
        raise CellNotationError(message)
    sign = text.removesuffix(suffixes)
    ordered = "".join(letter for letter in meaning if letter in suffixes)
    need = sum(BIT[meaning[letter]] for letter in ordered)
    return Side(sign + ordered, sign, _OPENS.get(sign, NOTHING), need)


SHUT = parse_cell("X/X")
