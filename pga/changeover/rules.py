"""Pure rules of the changeover: what changes for whom, and what may be told of how many cases."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from auth.rules import Role
from pga.cases.rules import PHASE_OF, CaseState
from pga.policy.codes import (
    BOUND_BY_SECRECY,
    Category,
    Partner,
    Phase,
    PolicyAction,
    Stage,
    Track,
    stage_of,
)
from pga.policy.diff import CellChange, Difference, Effect

SMALLEST = 10
STEP = 5
STAGES = (Stage.FIRST, Stage.FULL, Stage.AFTERCARE)
"""The stages that cells speak of; in the signal phase and after the end no cell is asked."""
MUNICIPAL = frozenset({Partner.GPR, Partner.GCR, Partner.BUR})
PROPOSERS = (Role.PROCESS_LEAD,)
APPROVERS = (Role.PROCESS_LEAD, Role.LAWYER)
LOOKERS = frozenset({Role.PROCESS_LEAD, Role.LAWYER, Role.PRIVACY_OFFICER, Role.DPO})


class Tell(StrEnum):
    """How a number of cases is told."""

    FEW = "few"
    ABOUT = "about"
    NEARLY_ALL = "nearly_all"
    FEW_OR_NEARLY_ALL = "few_or_nearly_all"


@dataclass(frozen=True, slots=True)
class Told:
    """A number of cases as it may be told: rounded to fives, or only how it compares to ten.

    With NEARLY_ALL the number is that of all cases, rounded.
    """

    how: Tell
    about: int = 0


def tell(count: int) -> Told:
    """Tell a number of cases by itself: below ten nothing but that."""
    return Told(Tell.FEW) if count < SMALLEST else Told(Tell.ABOUT, _rounded(count))


def tell_part(count: int, whole: int, *, is_secret: bool = False) -> Told:
    """Tell how many of all cases something is about.

    A small rest is told as little as a small part: who knows the whole could subtract. Of help
    that is itself secret few and nearly all look the same, for "nearly all" would tell it of every
    single case (R-29).
    """
    is_few, leaves_few = count < SMALLEST, whole - count < SMALLEST
    if is_secret and (is_few or leaves_few):
        return Told(Tell.FEW_OR_NEARLY_ALL)
    if is_few:
        return Told(Tell.FEW)
    if leaves_few:
        return Told(Tell.NEARLY_ALL, _rounded(whole))
    return Told(Tell.ABOUT, _rounded(count))


def _rounded(count: int) -> int:
    """Round to fives, so that two numbers that differ little cannot be subtracted."""
    return (count + STEP // 2) // STEP * STEP


def is_secret_help(partner: str) -> bool:
    """Tell whether it is itself secret that a partner takes part (R-29)."""
    return partner in BOUND_BY_SECRECY


def stage_of_state(track: Track, state: CaseState) -> Stage:
    """Tell under which rules a case in a state stands."""
    return stage_of(track, Phase(PHASE_OF[state]), aftercare=state is CaseState.AFTERCARE)


class StayReason(StrEnum):
    """Why a case stays under the version it has (reden om achter te blijven)."""

    WEIGH_FIRST = "weigh_first"
    INFORM_FIRST = "inform_first"
    ASK_ANEW_FIRST = "ask_anew_first"
    ENDS_SOON = "ends_soon"


class MoveState(StrEnum):
    """Where a decision over living cases stands (stand van een overgangsbesluit)."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"


def move_state(
    approved_at: datetime | None, withdrawn_at: datetime | None, carried_out_at: datetime | None
) -> MoveState:
    """Tell where a decision stands by what was recorded of it."""
    if withdrawn_at is not None:
        return MoveState.WITHDRAWN
    if carried_out_at is not None:
        return MoveState.CARRIED_OUT
    return MoveState.PROPOSED if approved_at is None else MoveState.APPROVED


class Remainder(StrEnum):
    """What stays behind of a party that left (wat achterblijft)."""

    ITEMS = "items"
    CRIMINAL_ITEMS = "criminal_items"
    EARLIER_VERSIONS = "earlier_versions"
    RECORDS = "records"
    LOG = "log"
    SIGNATURE = "signature"


class Turn(StrEnum):
    """What a change does for the partner that reads."""

    GAINS = "gains"
    LOSES = "loses"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for a partner in one stage and category.

    `before` and `after` are `closed`, `open`, or conditions with a plus between; `providers` from
    whom. With `provide` as action only bringing changes: it is not opened to read by it.
    """

    consumer: Partner
    stage: Stage
    category: Category
    turn: Turn
    before: str
    after: str
    action: PolicyAction
    providers: tuple[Partner, ...] = ()


_Read = tuple[Partner, Stage, Category, Partner]


def changes_of(
    difference: Difference, track: Track, several: Collection[Partner] = ()
) -> tuple[Change, ...]:
    """Give what changes for each partner, by stage and category; the same change is told once.

    What a kind of partner has of its own kind counts only where `several` organisations are of
    that kind. That somebody may bring it is told only where reading does not change as well.
    """
    effects = [
        (cell, effect, turn)
        for cell in difference.cells
        if cell.track is track
        for effect, turn in _turns(cell)
        if effect.provider is not effect.consumer or effect.provider in several
    ]
    read = {_place(c, e) for c, e, _ in effects if e.action is PolicyAction.CONSULT}
    grouped: dict[Change, set[Partner]] = {}
    for cell, effect, turn in effects:
        if effect.action is PolicyAction.CONSULT or _place(cell, effect) not in read:
            change = Change(
                consumer=effect.consumer,
                stage=effect.stage,
                category=cell.category,
                turn=turn,
                before=effect.before,
                after=effect.after,
                action=effect.action,
            )
            grouped.setdefault(change, set()).add(effect.provider)
    made = (replace(one, providers=_in_order(whom)) for one, whom in grouped.items())
    return tuple(sorted(made, key=_order))


def _turns(cell: CellChange) -> Iterator[tuple[Effect, Turn]]:
    """Give every effect of a changed cell with what it does; one that does both differs."""
    gains, loses = set(cell.gains), set(cell.loses)
    for effect in gains | loses:
        if effect in gains and effect in loses:
            yield effect, Turn.DIFFERS
        else:
            yield effect, Turn.GAINS if effect in gains else Turn.LOSES


def _place(cell: CellChange, effect: Effect) -> _Read:
    """Give between whom and where an effect is, whatever the action."""
    return effect.consumer, effect.stage, cell.category, effect.provider


def _in_order(partners: Iterable[Partner]) -> tuple[Partner, ...]:
    """Put partners in the order of their codes in the agreement."""
    order = list(Partner)
    return tuple(sorted(partners, key=order.index))


def _order(change: Change) -> tuple[object, ...]:
    """Order changes by partner, stage and category, as people look for them."""
    return (
        list(Partner).index(change.consumer),
        STAGES.index(change.stage),
        list(Category).index(change.category),
        change.action,
        change.turn,
        change.before,
        change.after,
    )
