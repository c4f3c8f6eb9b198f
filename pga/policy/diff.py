"""What changes between two agreements: every cell, and who gains and who loses by it.

Gains and losses are read from both compiled tables: for every provider, recipient, category,
action and stage it is asked under which conditions it is allowed. Less asked, or open where it was
closed, is a gain for the recipient; the reverse is a loss. What moves without a cell that moved,
by other limits or by who may send a signal, is told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from pga.policy.cells import SHUT as SHUT_CELL
from pga.policy.codes import (
    CATEGORIES,
    Category,
    Partner,
    PolicyAction,
    Stage,
    Track,
    conditions_in,
)
from pga.policy.compile import EXCHANGES, Table
from pga.policy.flows import MOMENTS, NOTHING, PARTNERS, Flows, Needs
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import SHUT

_STAGES: Final = (Stage.FIRST, Stage.FULL, Stage.AFTERCARE)
_MOMENT: Final = {moment: place for place, moment in enumerate(MOMENTS)}
_PLACE: Final = {partner: place for place, partner in enumerate(PARTNERS)}


class Effect(NamedTuple):
    """What a change does between one provider and one recipient (gevolg)."""

    provider: Partner
    consumer: Partner
    action: PolicyAction
    stage: Stage
    before: str
    after: str


@dataclass(slots=True)
class CellChange:
    """A changed cell with who gains and who loses by it."""

    track: Track
    partner: Partner
    category: Category
    before: str
    after: str
    gains: list[Effect] = field(default_factory=list)
    loses: list[Effect] = field(default_factory=list)

    @property
    def gaining(self) -> tuple[Partner, ...]:
        """Give the recipients that gain, each once."""
        return tuple(sorted({effect.consumer for effect in self.gains}))

    @property
    def losing(self) -> tuple[Partner, ...]:
        """Give the recipients that lose, each once."""
        return tuple(sorted({effect.consumer for effect in self.loses}))


@dataclass(frozen=True, slots=True)
class FlowChange:
    """What changes without a changed cell (verschoven stroom), for all or only under 12."""

    track: Track
    category: Category
    effect: Effect
    is_gain: bool
    is_loss: bool
    under_12: bool = False


@dataclass(frozen=True, slots=True)
class TermChange:
    """A change outside the matrix: which part, which entry of it."""

    part: str
    entry: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changes from one agreement to another.

    `flows` are what moves without a cell that moved: by another edition of the limits, or because
    a partner may send a signal now, or no longer.
    """

    cells: tuple[CellChange, ...]
    terms: tuple[TermChange, ...]
    flows: tuple[FlowChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes."""
        return not (self.cells or self.terms or self.flows)


def diff(before: Table, after: Table) -> Difference:
    """Compare two agreements, exhaustively."""
    cells = tuple(_changed_cells(before.document, after.document))
    for change in cells:
        _add_effects(change, before.flows(change.track), after.flows(change.track))
    known = {(change.track, change.partner, change.category) for change in cells}
    flows = tuple(
        change
        for track in Track
        for change in moved_flows(before, after, track)
        if (track, change.effect.provider, change.category) not in known
        and (track, change.effect.consumer, change.category) not in known
    )
    return Difference(cells, tuple(_changed_terms(before.document, after.document)), flows)


def moved_flows(before: Table, after: Table, track: Track) -> Iterator[FlowChange]:
    """Give every flow of a track that asks more, less or other than before, whatever moved it.

    What moves for a child under 12 is told apart where it does not move for everybody.
    """
    was, now = before.flows(track), after.flows(track)
    for category in was:
        child_was, child_now = (category in each.limits.children for each in (before, after))
        for old_row, new_row, provider in zip(was[category], now[category], PARTNERS, strict=True):
            if old_row == new_row and child_was is child_now:
                continue
            for old, new, consumer in zip(old_row, new_row, PARTNERS, strict=True):
                pair = (provider, consumer)
                yield from _between(track, category, pair, old, new)
                if child_was is not child_now:
                    child = NOTHING if child_was else old, NOTHING if child_now else new
                    if child != (old, new):
                        yield from _between(track, category, pair, *child, under_12=True)


def _between(  # noqa: PLR0913 - which flow, and what it asked and asks
    track: Track,
    category: Category,
    pair: tuple[Partner, Partner],
    was: Needs,
    now: Needs,
    *,
    under_12: bool = False,
) -> Iterator[FlowChange]:
    """Give what changes between two partners at every moment."""
    for (stage, action), old, new in zip(MOMENTS, was, now, strict=True):
        if old != new:
            effect = Effect(*pair, action, stage, _write(old), _write(new))
            is_gain, is_loss = _weigh(old, new)
            yield FlowChange(track, category, effect, is_gain, is_loss, under_12)


def _changed_cells(old: AgreementDocument, new: AgreementDocument) -> Iterator[CellChange]:
    """Give the cells that are written differently, a missing one being X/X."""
    for track in Track:
        for partner in Partner:
            was, now = old.row(track, partner), new.row(track, partner)
            if was != now:
                for category in CATEGORIES[track]:
                    before, after = (each.get(category, SHUT_CELL) for each in (was, now))
                    if before != after:
                        yield CellChange(track, partner, category, before.text, after.text)


def _add_effects(change: CellChange, before: Flows, after: Flows) -> None:
    """Add between whom a changed cell opens or closes something, stage by stage.

    As provider to all, as recipient from all.
    """
    was, now, here = before[change.category], after[change.category], _PLACE[change.partner]
    moved: list[list[tuple[tuple[Partner, Partner], Needs, Needs]]] = []
    for there in _PLACE.values():
        sides = dict.fromkeys(((here, there), (there, here)))
        moved.append(
            [
                ((PARTNERS[i], PARTNERS[j]), was[i][j], now[i][j])
                for i, j in sides
                if was[i][j] != now[i][j]
            ]
        )
    for stage in _STAGES:
        for flows, action in product(filter(None, moved), EXCHANGES):
            at = _MOMENT[stage, action]
            for pair, old, new in flows:
                if old[at] != new[at]:
                    effect = Effect(*pair, action, stage, _write(old[at]), _write(new[at]))
                    is_gain, is_loss = _weigh(old[at], new[at])
                    if is_gain:
                        change.gains.append(effect)
                    if is_loss:
                        change.loses.append(effect)


def _weigh(old: int, new: int) -> tuple[bool, bool]:
    """Tell whether a change is a gain for the recipient, and whether it is a loss.

    One condition for another is neither less nor more, so it is both.
    """
    is_gain = old == SHUT or (new != SHUT and not new & ~old)
    is_loss = not is_gain and (new == SHUT or not old & ~new)
    return (is_gain, is_loss) if is_gain or is_loss else (True, True)


@cache
def _write(need: int) -> str:
    """Write what is asked in plain codes."""
    if need == SHUT:
        return "closed"
    return "+".join(conditions_in(need)) or "open"


def _changed_terms(old: AgreementDocument, new: AgreementDocument) -> Iterator[TermChange]:
    """Give what changes outside the matrix, part by part."""
    after = _parts(new)
    for part, was in _parts(old).items():
        now = after[part]
        for entry in dict.fromkeys((*was, *now)):
            if was.get(entry) != now.get(entry):
                yield TermChange(part, entry)


def _parts(document: AgreementDocument) -> dict[str, dict[str, object]]:
    """Give every part outside the matrix as entries by name."""
    header = document.agreement
    return {
        "agreement": {name: getattr(header, name) for name in header.__slots__},
        "parties": {party.partner: party for party in document.parties},
        "purposes": {f"{term.track} {term.code}": term for term in document.purpose_terms},
        "non_purposes": {term.code: term for term in document.non_purposes},
        "tracks": {term.code: term for term in document.track_terms},
        "phases": {term.code: term for term in document.phases},
        "legal_bases": {
            f"{track} {partner}": row
            for track, rows in document.legal_bases.items()
            for partner, row in rows.items()
        },
        "clauses": {clause.id: clause for clause in document.clauses},
        "retention": {term.object: term for term in document.retention},
        "remarks": {
            f"{track} {partner} {category}": remark
            for track, rows in document.remarks.items()
            for partner, row in rows.items()
            for category, remark in row.items()
        },
        "reasons": dict(document.reasons),
        "examples": {f"{one.track} {one.question}": one for one in document.examples},
    }
