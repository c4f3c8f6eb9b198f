"""What a viewer can ever consult now, per category, from the agreement alone (R-29).

No fact of the case but its track, phase, age and blocks goes in: not who takes part, not whether
anything is there, not whether a release was asked, refused, withdrawn or has ended. So two cases
that differ only in these show the same sections, and no section names a provider.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pga.policy import messages
from pga.policy.cells import Cell
from pga.policy.codes import (
    ALL_MET,
    CATEGORIES,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Stage,
    conditions_in,
)
from pga.policy.compile import Outcomes, Standpoint, Table, standpoint
from pga.policy.decide import Situation, gate
from pga.policy.messages import Message


class SectionState(StrEnum):
    """What a section is for one viewer now (stand van een onderdeel)."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    LATER = "later"
    OWN = "own"
    NEVER = "never"
    CUT_BY_LAW = "cut_by_law"
    BLOCKED = "blocked"


# What a viewer may read without help; every other section says who can help.
SELF_EVIDENT = frozenset({SectionState.OPEN, SectionState.OWN})
_KEPT = 1024
_SOONER_OR_LATER = ((Stage.FIRST, Phase.F1), (Stage.FULL, Phase.F2))


@dataclass(frozen=True, slots=True)
class Section:
    """A category for one viewer (onderdeel).

    `always` are the conditions that hold whoever brought an item, `sometimes` those that hold for
    part of what others bring. `is_partly_cut` tells that law keeps a part closed. `opens` is the
    phase in which it opens, when that is later.
    """

    category: Category
    state: SectionState
    always: tuple[Condition, ...] = ()
    sometimes: tuple[Condition, ...] = ()
    is_partly_cut: bool = False
    opens: Phase | None = None
    clause: str = ""
    explanation: tuple[Message, ...] = ()


def sections(table: Table, situation: Situation) -> tuple[Section, ...]:
    """Give every category of the track for the viewer of a situation, in the order of the codes.

    In the signal phase the signal comes first. Which other partners have signed plays no part, so
    that a section cannot tell who takes part.
    """
    stop = gate(table, situation, situation.consumer, PolicyAction.CONSULT)
    if stop is not None:
        return tuple(
            Section(code, SectionState.BLOCKED, explanation=stop.explanation)
            for code in _codes(situation.standpoint)
        )
    return _sections(table, situation.standpoint)


def _codes(where: Standpoint) -> tuple[Category, ...]:
    """List the categories of a track; in the signal phase the signal comes first."""
    codes = CATEGORIES[where.track]
    return (Category.SIGNAL, *codes) if where.stage is Stage.INTAKE else codes


@lru_cache(maxsize=_KEPT)
def _sections(table: Table, where: Standpoint) -> tuple[Section, ...]:
    """Make the sections of a standpoint; kept, for every case of this phase has the same."""
    return tuple(_section(table, where, code) for code in _codes(where))


def opens_later(
    table: Table, where: Standpoint, category: Category, provider: Partner | None = None
) -> Phase | None:
    """Give the phase in which a category opens for this viewer, after this one; None for never.

    Of one provider, or of anybody else when none is named.
    """
    order = (Stage.INTAKE, Stage.FIRST, Stage.FULL)
    if where.stage not in order:
        return None
    for stage, phase in _SOONER_OR_LATER:
        if order.index(stage) > order.index(where.stage):
            then = standpoint(
                where.track, stage, where.purpose, where.consumer, under_12=where.under_12
            )
            for other, outcomes in _of_others(table, then, category):
                if provider in (None, other) and outcomes.answer(ALL_MET).is_allowed:
                    return phase
    return None


def _of_others(
    table: Table, where: Standpoint, category: Category
) -> Iterator[tuple[Partner, Outcomes]]:
    """Give what every other kind of partner may let the viewer consult."""
    room = table.room(where)
    for provider in Partner:
        if provider is not where.consumer:
            yield provider, room[provider, category, PolicyAction.CONSULT]


def _section(table: Table, where: Standpoint, category: Category) -> Section:
    """Make one section out of what the agreement gives the viewer from anybody else."""
    needs: list[int] = []
    is_cut = False
    for provider, outcomes in _of_others(table, where, category):
        best = outcomes.answer(ALL_MET)
        if best.is_allowed:
            needs.append(outcomes.need)
        elif best.code is Code.FORBIDDEN:
            is_cut = is_cut or _would_meet(table, where, provider, category)
    always, sometimes = _common(needs)
    opens = None if needs else opens_later(table, where, category)
    own = table.document.cell(where.track, where.consumer, category)
    state = _state(own, needs, opens, is_cut=is_cut)
    clause = table.clauses.of(where.track, where.consumer, category)
    said = _told(state, always, sometimes, opens, is_cut=is_cut)
    if clause is not None:
        said.append(messages.closed_by(clause.id))
    if state not in SELF_EVIDENT:
        said.append(messages.ASK_CASE_MANAGER)
    if is_cut or (clause is not None and not clause.verified):
        said.append(messages.TO_BE_CHECKED)
    return Section(
        category,
        state,
        always=conditions_in(always),
        sometimes=conditions_in(sometimes),
        is_partly_cut=is_cut and state is not SectionState.CUT_BY_LAW,
        opens=opens,
        clause="" if clause is None else clause.id,
        explanation=tuple(said),
    )


def _state(own: Cell, needs: list[int], opens: Phase | None, *, is_cut: bool) -> SectionState:
    """Tell what a section is: open before later, later before cut, cut before own."""
    if needs:
        return SectionState.CONDITIONAL if all(needs) else SectionState.OPEN
    if opens is not None:
        return SectionState.LATER
    if is_cut:
        return SectionState.CUT_BY_LAW
    if own.provide.is_open or own.consult.sign == "o":
        return SectionState.OWN
    return SectionState.NEVER


def _told(
    state: SectionState, always: int, sometimes: int, opens: Phase | None, *, is_cut: bool
) -> list[Message]:
    """Say what a section is and what it asks, naming nobody."""
    if state is SectionState.LATER:
        said = [messages.OPENS_AT_TRIAGE if opens is Phase.F1 else messages.OPENS_AT_MEETING]
    else:
        said = [messages.SECTION[state]]
    said += [messages.UNMET[condition] for condition in conditions_in(always)]
    said += [messages.SOMETIMES[condition] for condition in conditions_in(sometimes)]
    if is_cut and state is not SectionState.CUT_BY_LAW:
        said.append(messages.PARTLY_CUT)
    return said


def _common(needs: list[int]) -> tuple[int, int]:
    """Give the conditions in all of these masks, and those in some."""
    always, anywhere = ALL_MET if needs else 0, 0
    for need in needs:
        always &= need
        anywhere |= need
    return always, anywhere & ~always


def _would_meet(table: Table, where: Standpoint, provider: Partner, category: Category) -> bool:
    """Tell whether both cells would open, were there no prohibition: only then something is cut."""
    provide = table.document.cell(where.track, provider, category).provide
    consult = table.document.cell(where.track, where.consumer, category).consult
    return provide.is_open and consult.is_open and where.stage is not Stage.CLOSED
