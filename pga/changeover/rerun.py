"""What another version would have said of a decision in the log, as far as the log can tell.

The log holds who asked, of whom, what, for which purpose, and the answer with its rule; not which
conditions were met. So an answer is only given where every set of conditions that fits the old
answer leads to it; otherwise it hangs on a condition, and that is said.
"""

from dataclasses import dataclass
from enum import StrEnum

from pga.policy.codes import Category, Code, Partner, PolicyAction, Purpose, Stage, Track
from pga.policy.compile import Outcomes, Table, standpoint


class Again(StrEnum):
    """What a decision would be under another version."""

    SAME = "same"
    NOW_CLOSED = "now_closed"
    NOW_OPEN = "now_open"
    HANGS = "hangs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked then: in which situation, and for what of whom.

    An age that is not known any more counts as under 12, as it does for the engine.
    """

    track: Track
    stage: Stage
    purpose: Purpose | None
    consumer: Partner
    under_12: bool
    provider: Partner
    category: Category


REFUSED_BY_THE_TEXT = frozenset({Code.NO_RULE, Code.CONDITION_UNMET})
"""Refusals that another text can change; all others come from the case, the parties or the law."""


def again(code: Code, before: Table | None, after: Table, asked: Asked) -> Again:
    """Tell what another version would have answered to a consultation.

    `code` is the old answer and `before` the table it came from, None when its text is not known
    any more: then nothing is known of what was asked.
    """
    then = outcomes_of(before, asked) if before is not None else None
    now = outcomes_of(after, asked)
    if code is Code.ALLOWED:
        return _was_allowed(then, now)
    if code not in REFUSED_BY_THE_TEXT or not now.can_open:
        return Again.SAME
    if now.need == 0:
        return Again.NOW_OPEN
    is_unmet = code is Code.CONDITION_UNMET and then is not None and then.can_open
    if is_unmet and then is not None and not then.need & ~now.need:
        return Again.SAME  # what was unmet then is asked now as well
    return Again.HANGS


def _was_allowed(then: Outcomes | None, now: Outcomes) -> Again:
    """Tell what becomes of what was allowed: all that was asked then was met."""
    if not now.can_open:
        return Again.NOW_CLOSED
    met = then.need if then is not None and then.can_open else 0
    return Again.HANGS if now.need & ~met else Again.SAME


def outcomes_of(table: Table, asked: Asked) -> Outcomes:
    """Give the outcomes of a cell as a reader stood before it then."""
    where = standpoint(
        asked.track, asked.stage, asked.purpose, asked.consumer, under_12=asked.under_12
    )
    return table.room(where)[asked.provider, asked.category, PolicyAction.CONSULT]
