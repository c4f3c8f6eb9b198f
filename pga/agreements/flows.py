"""What goes between partners in one category: from whom to whom, if what, or why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from pga.policy.codes import (
    ALL_MET,
    POSSIBLE_PARTIES,
    Category,
    Condition,
    Partner,
    PolicyAction,
    Stage,
    Track,
)
from pga.policy.compile import Table, standpoint
from pga.policy.decision import Decision


@dataclass(frozen=True, slots=True)
class FlowSeen:
    """One category between a provider and a recipient in a stage, at best.

    `decision` is what is decided when every condition is met, `conditions` are those it asks.
    """

    provider: Partner
    consumer: Partner
    decision: Decision
    conditions: tuple[Condition, ...]

    @property
    def state(self) -> str:
        """Tell in a word what it is: open, conditional, cut_by_law or closed."""
        if self.decision.is_allowed:
            return "conditional" if self.conditions else "open"
        return "cut_by_law" if self.decision.cut_by_law else "closed"


def flows(
    table: Table,
    where: tuple[Track, Stage, Category],
    providers: Iterable[Partner],
    consumers: Iterable[Partner],
) -> list[FlowSeen]:
    """Give what may be consulted between these partners, for a youth of 12 or older.

    The purpose is the first of the track: it picks the basis and never whether something opens.
    """
    track, stage, category = where
    purpose = table.document.purposes(track)[0]
    wanted = [one for one in providers if one in POSSIBLE_PARTIES]
    found = []
    for consumer in consumers:
        room = table.room(standpoint(track, stage, purpose, consumer, under_12=False))
        for provider in wanted:
            best = room[provider, category, PolicyAction.CONSULT].answer(ALL_MET)
            found.append(FlowSeen(provider, consumer, best, best.conditions))
    return found
