"""Decide: one cell, a whole screen, the own item, oversight. Pure; time is an argument.

Checks stand in this order: agreement in force (R-01), both parties (R-01), named participant
(R-04), prohibitions (blocks R-06, R-30, R-33, R-34; an age limit; pair limits P1, P2), a rule that
permits (R-02, R-03), its conditions (R-05). What is unknown is not met for a permit and met for a
prohibition. No score and no list is a fact here, so none can open anything (R-09); a refusal of
consent is no fact either (R-26), and a withdrawn release is simply one that is not met (R-25).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pga.policy.codes import (
    IDENTITY,
    Block,
    Category,
    Code,
    Met,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
    stage_of,
)
from pga.policy.compile import Standpoint, Table, standpoint
from pga.policy.decision import (
    NO_OVERSIGHT,
    NOT_A_PARTICIPANT,
    NOT_A_PARTY,
    NOT_IN_FORCE,
    OVERSIGHT,
    OWNER,
    Decision,
    demand,
    refusal,
)
from pga.policy.messages import BLOCKED

__all__ = [
    "Block",
    "Cell",
    "Decision",
    "Situation",
    "decide",
    "decide_screen",
    "demand",
    "oversee",
    "owner_decision",
]

CRIMINAL_AGE = 12  # Sv 486
Cell = tuple[Partner, Category, Met] | tuple[Partner, Category, Met, bool]

# In the order they are told; which rule, and whether reading is closed too.
_BLOCKS = (
    (Block.RADICALISATION, "R-06", True),
    (Block.RESTRICTED, "R-33", True),
    (Block.REVIEW_OVERDUE, "R-34", False),
    (Block.INFORMING_OVERDUE, "R-30", False),
)
_REFUSED = {block: refusal(Code.FORBIDDEN, rule, (BLOCKED[block],)) for block, rule, _ in _BLOCKS}


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts of one case for one viewer, as values.

    `aftercare` tells the two states of F4 apart; None where only the phase is known. `parties`
    are the partners that have signed. `age` is None when unknown. A purpose that is no purpose of
    the agreement opens nothing (R-02).
    """

    track: Track
    phase: Phase
    purpose: Purpose | str
    consumer: Partner
    in_force: bool
    participant: bool
    parties: frozenset[Partner]
    age: int | None = None
    aftercare: bool | None = None
    blocks: frozenset[Block] = frozenset()
    standpoint: Standpoint = field(init=False, repr=False, compare=False)
    open_to: frozenset[Partner] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every question from here shares."""
        try:
            purpose: Purpose | None = Purpose(self.purpose)
        except ValueError:
            purpose = None
        here = standpoint(
            self.track,
            stage_of(self.track, self.phase, aftercare=self.aftercare),
            purpose,
            self.consumer,
            under_12=self.age is None or self.age < CRIMINAL_AGE,
        )
        clear = (
            self.in_force and self.participant and not self.blocks and self.consumer in self.parties
        )
        object.__setattr__(self, "standpoint", here)
        # From whom nothing but the table stands in the way.
        object.__setattr__(self, "open_to", self.parties if clear else frozenset())


def decide(  # noqa: PLR0913, PLR0917 - the six things an answer depends on
    table: Table,
    situation: Situation,
    provider: Partner,
    category: Category,
    action: PolicyAction,
    met: Met = 0,
) -> Decision:
    """Decide whether the viewer of the situation may get or consult an item of a provider.

    `met` are the conditions met for this very item, as mask or set; whatever else is true opens
    nothing. For `provide`, the consumer of the situation is the recipient. Never raises.
    """
    if provider in situation.open_to:
        try:
            return table.rooms[situation.standpoint][provider, category, action][met]
        except KeyError:
            stop = _too_young(table, situation)
    else:
        stop = gate(table, situation, provider, action)
    if stop is not None:
        return stop
    return table.answer(situation.standpoint, (provider, category, action), met)


def decide_screen(
    table: Table,
    situation: Situation,
    cells: Iterable[Cell],
    action: PolicyAction = PolicyAction.CONSULT,
) -> list[Decision]:
    """Decide on a whole screen in one call, in the order of the cells.

    A cell is provider, category, conditions met and, where the provider's own organisation may
    not have signed although its kind has, whether it did.
    """
    where = situation.standpoint
    table.room(where)
    answers = table.rooms.get(where, {})
    open_to = frozenset() if table.by_age else situation.open_to
    found: list[Decision] = []
    for cell in cells:
        key = (cell[0], cell[1], action)
        has_signed = len(cell) == 3 or cell[3]  # noqa: PLR2004 - a cell without its fourth part
        stop = None
        if not (has_signed and cell[0] in open_to):
            stop = gate(table, situation, cell[0], action, has_signed=has_signed)
        if stop is None:
            try:
                stop = answers[key][cell[2]]
            except KeyError:
                stop = table.answer(where, key, cell[2])
        found.append(stop)
    return found


def gate(
    table: Table,
    situation: Situation,
    provider: Partner,
    action: PolicyAction,
    *,
    has_signed: bool = True,
) -> Decision | None:
    """Give the refusal that comes before any cell is looked at, or None."""
    if not situation.in_force or situation.track not in table.tracks:
        return NOT_IN_FORCE
    if not has_signed or not {provider, situation.consumer} <= situation.parties:
        return NOT_A_PARTY
    if not situation.participant:
        return NOT_A_PARTICIPANT
    for block, _, closes_reading in _BLOCKS:
        if block in situation.blocks and (closes_reading or action is PolicyAction.PROVIDE):
            return _REFUSED[block]
    return _too_young(table, situation)


def _too_young(table: Table, situation: Situation) -> Decision | None:
    """Give the refusal of a limit on age; an unknown age is below it."""
    limit = table.by_age.get(situation.track)
    if limit is None or (situation.age is not None and situation.age >= limit.age):
        return None
    return limit.refusal


def owner_decision() -> Decision:
    """Give the decision on one's own item: read, correct, withdraw and export, always.

    It comes before the table and needs no agreement in force (R-01, R-28); the caller has made
    sure that the viewer takes part for the owner, or replaces one who does (R-04).
    """
    return OWNER


def oversee(track: Track, category: Category, *, is_officer: bool) -> Decision:
    """Decide on oversight by privacy officer and FG: log, case numbers, identity (OVERSIGHT).

    It does not end with the agreement (AVG 5(2), 32, 39). One person at a time, with a reason and
    a receipt of its own, is for the caller to keep. Content is never opened.
    """
    seen = {Category.LOG, Category.CASE_NUMBER, IDENTITY.get(track)}
    return OVERSIGHT if is_officer and category in seen else NO_OVERSIGHT
