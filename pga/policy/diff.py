"""What changes between two agreements: every cell, and who gains and who loses by it.

Gains and losses are read from both compiled tables: for every provider, recipient, category,
action and stage it is asked under which conditions it is allowed. Less asked, or open where it was
closed, is a gain for the recipient; the reverse is a loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from pga.policy.codes import (
    CATEGORIES,
    Category,
    Code,
    Partner,
    PolicyAction,
    Stage,
    Track,
    conditions_in,
)
from pga.policy.compile import EXCHANGES, Table
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import Question, verdict_of

SHUT = -1  # no mask: nothing can open it
_STAGES = (Stage.FIRST, Stage.FULL, Stage.AFTERCARE)

Pair = tuple[Partner, Partner, PolicyAction, Stage]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a changed cell does between one provider and one recipient (gevolg)."""

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
class TermChange:
    """A change outside the matrix: which part, which entry of it."""

    part: str
    entry: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changes from one agreement to another."""

    cells: tuple[CellChange, ...]
    terms: tuple[TermChange, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes."""
        return not self.cells and not self.terms


def diff(before: Table, after: Table) -> Difference:
    """Compare two agreements, exhaustively."""
    cells = tuple(
        _with_effects(change, before, after)
        for change in _changed_cells(before.document, after.document)
    )
    return Difference(cells, tuple(_changed_terms(before.document, after.document)))


def _changed_cells(old: AgreementDocument, new: AgreementDocument) -> Iterator[CellChange]:
    """Give the cells that are written differently, a missing one being X/X."""
    for track in Track:
        for partner in Partner:
            for category in CATEGORIES[track]:
                was, now = (each.cell(track, partner, category) for each in (old, new))
                if was != now:
                    yield CellChange(track, partner, category, was.text, now.text)


def _with_effects(change: CellChange, before: Table, after: Table) -> CellChange:
    """Add between whom a changed cell opens or closes something."""
    was = dict(_needs(before, change))
    now = dict(_needs(after, change))
    for pair, old in was.items():
        new = now[pair]
        if old == new:
            continue
        effect = Effect(*pair, before=_write(old), after=_write(new))
        if old == SHUT or (new != SHUT and not new & ~old):
            change.gains.append(effect)
        elif new == SHUT or not old & ~new:
            change.loses.append(effect)
        else:  # one condition for another: neither less nor more, so both are told
            change.gains.append(effect)
            change.loses.append(effect)
    return change


def _needs(table: Table, change: CellChange) -> Iterator[tuple[Pair, int]]:
    """Give what is asked on both sides of a cell: as provider to all, as recipient from all."""
    for stage, other, action in product(_STAGES, Partner, EXCHANGES):
        sides = ((change.partner, other), (other, change.partner))
        for provider, consumer in dict.fromkeys(sides):
            asked = Question(change.track, stage, provider, consumer, change.category, action)
            verdict = verdict_of(table.document, asked)
            need = verdict.need if verdict.code is Code.ALLOWED else SHUT
            yield (provider, consumer, action, stage), need


def _write(need: int) -> str:
    """Write what is asked in plain codes."""
    if need == SHUT:
        return "closed"
    return "+".join(conditions_in(need)) or "open"


def _changed_terms(old: AgreementDocument, new: AgreementDocument) -> Iterator[TermChange]:
    """Give what changes outside the matrix, part by part."""
    for part in _parts(old):
        was, now = _parts(old)[part], _parts(new)[part]
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
    }
