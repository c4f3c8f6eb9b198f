"""What partners may do under an agreement, for people to read before they act.

Who can read what is about to be written, on which grounds an own contribution goes in, and what
one organisation may bring and see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pga.policy.catalogue import CellSide
from pga.policy.cells import Side
from pga.policy.codes import (
    ALL_MET,
    CATEGORIES,
    POSSIBLE_PARTIES,
    Category,
    Code,
    Condition,
    Met,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Stage,
    Track,
    conditions_in,
)
from pga.policy.compile import Table, standpoint
from pga.policy.decide import Situation, decide
from pga.policy.decision import Decision
from pga.policy.laws import Obligation
from pga.policy.sections import opens_later
from pga.policy.terms import Clause


class ReaderState(StrEnum):
    """Whether a partner can read what is brought now (lezer)."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    LATER = "later"
    NEVER = "never"
    CUT_BY_LAW = "cut_by_law"


class RightState(StrEnum):
    """What one side of a cell gives (recht)."""

    YES = "yes"
    CONDITIONAL = "conditional"
    HIT_ONLY = "hit_only"
    OWN = "own"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of partner as possible reader of one category of a provider.

    `provide` decides on bringing it to that partner, `consult` on its reading it, as a named
    participant of the case. `opens` is the phase in which it could, when that is later.
    """

    partner: Partner
    state: ReaderState
    provide: Decision
    consult: Decision
    opens: Phase | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """On which grounds a partner brings a category: all derived, nothing to pick.

    `legal_basis` is that of the provider; empty when it has none here.
    """

    category: Category
    purpose: Purpose
    legal_basis: str
    exception: str
    secrecy: str
    clause: Clause | None
    conditions: tuple[Condition, ...]
    obligations: tuple[Obligation, ...]
    opens: Phase | None


@dataclass(frozen=True, slots=True)
class RightSide:
    """What a partner may do on one side of a cell, from which phase and under which conditions."""

    state: RightState
    opens: Phase | None
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Right:
    """What a partner may bring and see of a category, as the agreement has it."""

    category: Category
    bring: RightSide
    see: RightSide
    clause: Clause | None


@dataclass(frozen=True, slots=True)
class Permission:
    """A provider and a recipient between whom a category may go, and under which conditions."""

    provider: Partner
    consumer: Partner
    conditions: tuple[Condition, ...]
    rule: str


def readers(
    table: Table,
    situation: Situation,
    provider: Partner,
    category: Category,
    met: Mapping[Partner, Met] | None = None,
) -> tuple[Reader, ...]:
    """Tell for every partner of the track whether it could read what a provider brings now.

    The situation is the one of the case; its viewer plays no part. `met` gives the conditions met
    per reader; who is not in it meets none.
    """
    known = met or {}
    found = []
    for partner in table.document.matrix.get(situation.track, {}):
        here = replace(situation, consumer=partner, participant=True)
        conditions = known.get(partner, 0)
        provide = decide(table, here, provider, category, PolicyAction.PROVIDE, conditions)
        consult = decide(table, here, provider, category, PolicyAction.CONSULT, conditions)
        opens = None
        if consult.code is Code.NO_RULE:
            opens = opens_later(table, here.standpoint, category, provider)
        found.append(Reader(partner, _reader_state(consult, opens), provide, consult, opens))
    return tuple(found)


def _reader_state(consult: Decision, opens: Phase | None) -> ReaderState:
    """Tell what a decision makes of a reader."""
    if consult.is_allowed:
        return ReaderState.ALLOWED
    if consult.code is Code.CONDITION_UNMET:
        return ReaderState.CONDITIONAL
    if consult.cut_by_law:
        return ReaderState.CUT_BY_LAW
    return ReaderState.NEVER if opens is None else ReaderState.LATER


def contribution(
    table: Table, track: Track, purpose: Purpose, provider: Partner, category: Category
) -> Contribution:
    """Derive the grounds on which a partner brings a category, to show before it is saved."""
    side = table.document.cell(track, provider, category).provide
    clauses = table.clauses
    clause = clauses.of(track, provider, category)
    return Contribution(
        category=category,
        purpose=purpose,
        legal_basis=clauses.basis(track, purpose, provider, category),
        exception="" if clause is None else clause.exception,
        secrecy=clauses.secrecy(track, provider, category, side.need),
        clause=clause,
        conditions=conditions_in(side.need),
        obligations=clauses.obligations(track, provider, category, side.need),
        opens=_opens(side),
    )


def rights_of(table: Table, track: Track, partner: Partner) -> tuple[Right, ...]:
    """Give what a partner may bring and see of every category, as its own row has it.

    A side that the law shuts in spite of the row gives nothing.
    """
    return tuple(
        Right(
            category,
            _right_of(table, (track, partner, category), CellSide.PROVIDE),
            _right_of(table, (track, partner, category), CellSide.CONSULT),
            table.clauses.of(track, partner, category),
        )
        for category in CATEGORIES[track]
    )


def _right_of(table: Table, place: tuple[Track, Partner, Category], side: CellSide) -> RightSide:
    """Tell what one side of a cell gives: nothing where the law shuts it."""
    if (*place, side) in table.shut:
        return RightSide(RightState.NO, None, ())
    cell = table.document.cell(*place)
    return _right(cell.provide if side is CellSide.PROVIDE else cell.consult)


def who_may(
    table: Table, track: Track, stage: Stage, category: Category, action: PolicyAction
) -> tuple[Permission, ...]:
    """List between whom a category may go in a stage, for a youth of 12 or older."""
    purposes = table.document.purposes(track)
    found = []
    for consumer in sorted(POSSIBLE_PARTIES) if purposes else ():
        where = standpoint(track, stage, purposes[0], consumer, under_12=False)
        room = table.room(where)
        for provider in sorted(POSSIBLE_PARTIES):
            outcomes = room.get((provider, category, action))
            decision = None if outcomes is None else outcomes.answer(ALL_MET)
            if outcomes is not None and decision is not None and decision.is_allowed:
                asked = conditions_in(outcomes.need)
                found.append(Permission(provider, consumer, asked, decision.rule))
    return tuple(found)


def _right(side: Side) -> RightSide:
    """Tell what one side of a cell gives."""
    if not side.is_open:
        state = RightState.OWN if side.sign == "o" else RightState.NO
    elif side.sign == "0":
        state = RightState.HIT_ONLY
    else:
        state = RightState.CONDITIONAL if side.need else RightState.YES
    return RightSide(state, _opens(side), conditions_in(side.need))


def _opens(side: Side) -> Phase | None:
    """Give the first phase in which a side opens."""
    if not side.is_open:
        return None
    return Phase.F2 if side.opens_later else Phase.F1
