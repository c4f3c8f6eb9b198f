"""A difference between two agreements in words: who gains and who loses what, and when.

What changes for readers is told by recipient, category and moment, whatever the number of cells
behind it. Where a partner may only bring something sooner or later, and nobody reads more or less
by it, that is told apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.agreements.cell_words import joined
from pga.policy.codes import Category, Partner, PolicyAction, Stage, Track
from pga.policy.diff import CellChange, FlowChange

CLOSED: Final = "closed"
OPEN: Final = "open"
FEW: Final = 3
_WHEN: Final = {
    frozenset({Stage.FIRST, Stage.FULL, Stage.AFTERCARE}): _("from triage on"),
    frozenset({Stage.FIRST, Stage.FULL}): _("from triage until aftercare"),
    frozenset({Stage.FULL, Stage.AFTERCARE}): _("from the case meeting on"),
    frozenset({Stage.FULL}): _("from the case meeting until aftercare"),
    frozenset({Stage.FIRST, Stage.AFTERCARE}): _("in triage and in aftercare"),
    frozenset({Stage.FIRST}): _("in triage"),
    frozenset({Stage.AFTERCARE}): _("in aftercare"),
}


class Turn(StrEnum):
    """Which way a change goes for a partner (richting)."""

    GAINS = "gains"
    LOSES = "loses"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Told:
    """What changes between these providers and recipients in one category, in these stages.

    `before` and `after` are "closed", "open" or conditions with a plus between. Of what closes it
    is not told under which conditions it was open.
    """

    turn: Turn
    action: PolicyAction
    track: Track
    category: Category
    before: str
    after: str
    providers: frozenset[Partner]
    consumers: frozenset[Partner]
    stages: frozenset[Stage]


@dataclass(frozen=True, slots=True)
class Story:
    """What changes in what is shared: for each reader, and for each partner that only brings."""

    reading: dict[Partner, list[Told]]
    bringing: dict[Partner, list[Told]]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes for anybody."""
        return not self.reading and not self.bringing

    @property
    def together(self) -> list[Told]:
        """Give what changes for readers, those together for whom the same changes."""
        return _merged(chain.from_iterable(self.reading.values()), "consumers")

    def going(self, turn: Turn) -> list[Partner]:
        """List the readers for whom something goes this way."""
        return [who for who, told in self.reading.items() if turn in {one.turn for one in told}]


def story_of(changes: Iterable[CellChange]) -> Story:
    """Put the effects of changed cells together; what two cells bring about is told once."""
    single = _single(changes)
    reading = [one for one in single if one.action is PolicyAction.CONSULT]
    noticed = {(one.category, one.providers, one.consumers) for one in reading}
    bringing = [
        one for one in single if (one.category, one.providers, one.consumers) not in noticed
    ]
    return Story(
        _by_partner(_merged(_merged(reading, "stages"), "providers"), "consumers"),
        _by_partner(_merged(_merged(bringing, "stages"), "consumers"), "providers"),
    )


def story_of_flows(flows: Iterable[FlowChange]) -> Story:
    """Put together what moves without a changed cell, as another edition of the limits does."""
    return story_of(
        CellChange(
            one.track,
            one.effect.provider,
            one.category,
            before="",
            after="",
            gains=[one.effect] if one.is_gain else [],
            loses=[one.effect] if one.is_loss else [],
        )
        for one in flows
    )


def _single(changes: Iterable[CellChange]) -> list[Told]:
    """Give every effect between two partners in one stage, with the way it goes."""
    turns: dict[Told, Turn] = {}
    for change in changes:
        for turn, effects in ((Turn.GAINS, change.gains), (Turn.LOSES, change.loses)):
            for effect in effects:
                one = Told(
                    turn=Turn.OTHERWISE,
                    action=effect.action,
                    track=change.track,
                    category=change.category,
                    before=OPEN if effect.after == CLOSED else effect.before,
                    after=effect.after,
                    providers=frozenset({effect.provider}),
                    consumers=frozenset({effect.consumer}),
                    stages=frozenset({effect.stage}),
                )
                turns[one] = turn if turns.get(one, turn) is turn else Turn.OTHERWISE
    return [replace(one, turn=turn) for one, turn in turns.items()]


def _merged(found: Iterable[Told], part: str) -> list[Told]:
    """Put together what differs in nothing but one part."""
    merged: dict[Told, frozenset[Any]] = defaultdict(frozenset)
    nothing: dict[str, Any] = {part: frozenset()}
    for one in found:
        merged[replace(one, **nothing)] |= getattr(one, part)
    whole: list[dict[str, Any]] = [{part: parts} for parts in merged.values()]
    return [replace(one, **parts) for one, parts in zip(merged, whole, strict=True)]


def _by_partner(found: Iterable[Told], part: str) -> dict[Partner, list[Told]]:
    """Put what is told under the one partner it is about, in the order of categories."""
    told: dict[Partner, list[Told]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.category, one.turn)):
        told[next(iter(getattr(one, part)))].append(one)
    return dict(sorted(told.items()))


def sentence(one: Told) -> str:
    """Say one change as a sentence about the partner it stands under."""
    others = one.providers if one.action is PolicyAction.CONSULT else one.consumers
    values = {
        "when": str(_WHEN[one.stages]),
        "what": words.category(one.category),
        "who": _few(others, others & one.consumers & one.providers),
        "asked": _asked(one.after),
        "before": _asked(one.before),
    }
    return str(_pattern(one)) % values


def summary(story: Story) -> str:
    """Say in one line who reads more and who reads less."""
    ways = (
        (_("More for: %(who)s."), story.going(Turn.GAINS)),
        (_("Less for: %(who)s."), story.going(Turn.LOSES)),
        (_("Otherwise for: %(who)s."), story.going(Turn.OTHERWISE)),
    )
    said = [str(message) % {"who": _few(frozenset(who))} for message, who in ways if who]
    return " ".join(said) or str(gettext("Nobody reads more or less by this."))


def names(partners: Iterable[Partner]) -> str:
    """Name partners in the order of their names."""
    return joined(sorted(words.partner(code) for code in partners))


def _pattern(one: Told) -> LazyString:  # noqa: PLR0911 - one sentence for each way it can go
    """Choose the sentence of a change."""
    if one.action is PolicyAction.PROVIDE:
        if one.after == CLOSED:
            return _("May no longer bring %(when)s: %(what)s.")
        return _("May now bring %(when)s: %(what)s.")
    if one.before == CLOSED and one.after == OPEN:
        return _("Gets %(when)s also: %(what)s, from %(who)s.")
    if one.before == CLOSED:
        return _("Gets %(when)s also: %(what)s, from %(who)s, provided there is: %(asked)s.")
    if one.after == CLOSED:
        return _("No longer sees %(when)s: %(what)s, from %(who)s.")
    if one.after == OPEN:
        return _("Sees %(when)s without a condition: %(what)s, from %(who)s. Before: %(before)s.")
    return _(
        "Sees %(when)s under another condition: %(what)s, from %(who)s. "
        "Before: %(before)s. Now: %(asked)s."
    )


def _few(partners: frozenset[Partner], same_kind: frozenset[Partner] = frozenset()) -> str:
    """Name a few partners; of many, say how many.

    One's own items are always open, so a partner that stands on both sides is another organisation
    of its kind.
    """
    if len(partners) > FEW:
        return str(gettext("%(count)s partners", count=len(partners)))
    named = [names([partner]) for partner in sorted(partners - same_kind)]
    if same_kind:
        named.append(str(gettext("another organisation of the same kind")))
    return joined(named)


def _asked(needs: str) -> str:
    """Say what is asked."""
    if needs == OPEN:
        return str(gettext("nothing"))
    if needs == CLOSED:
        return str(gettext("closed"))
    return joined(words.condition(code) for code in needs.split("+"))
