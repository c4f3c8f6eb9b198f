"""What is open between two partners in words, and who can solve it where it is not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.agreements.cell_words import joined
from pga.policy.codes import Condition, Phase
from pga.policy.who_may import Openness, Pair

Names = Mapping[str, LazyString]

OPENNESS: Names = MappingProxyType(
    {
        Openness.OPEN: _("yes"),
        Openness.CONDITIONAL: _("only if"),
        Openness.LATER: _("not yet"),
        Openness.CLOSED: _("no"),
        Openness.CUT_BY_LAW: _("cut by law"),
    }
)
OPENS: Names = MappingProxyType(
    {Phase.F1: _("from triage on"), Phase.F2: _("from the case meeting on")}
)
# Who can see to a condition of a cell; the last one is asked in aftercare alone.
SOLVERS: Names = MappingProxyType(
    {
        Condition.WEIGHING_NOTE: _(
            "Who brings it writes a weighing note, and a colleague approves it."
        ),
        Condition.NAMED_RECIPIENT: _(
            "Who brings it names the reader; the case manager names who does an action."
        ),
        Condition.SECRECY_RELEASE: _(
            "The young person or a representative is asked for a release; the professional who is "
            "bound by secrecy confirms it."
        ),
        Condition.DISCLOSURE_DECISION: _(
            "The organisation that brings it takes a disclosure decision."
        ),
        Condition.AFTERCARE_PARTNER: _("The case manager names the aftercare partner."),
    }
)
STATUS: Final[Mapping[str, str]] = MappingProxyType(
    {Openness.OPEN: "open", Openness.CONDITIONAL: "waiting"}
)
"""The shape beside the word; all else is closed."""


def who_solves(pair: Pair) -> list[str]:
    """Say who can open what is not simply open: for this case, or by another text."""
    if pair.openness is Openness.CONDITIONAL:
        return [str(SOLVERS[condition]) for condition in pair.conditions]
    return [] if pair.openness is Openness.OPEN else [_who_opens(pair)]


def shut_together(found: Iterable[Pair], side: str) -> list[tuple[str, str, str]]:
    """Put together who stands on one side of closed pairs for the same reason.

    Each time the names, why it is closed, and who can open it; `side` is provider or consumer.
    """
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in found:
        why = words.sentences(pair.at_best.explanation)[0]
        together[why, _who_opens(pair)].append(words.partner(getattr(pair, side)))
    return [(joined(sorted(names)), *said) for said, names in together.items()]


def _who_opens(pair: Pair) -> str:
    """Say who can open what is closed."""
    if pair.opens is not None:
        return str(gettext("It opens by itself %(when)s.", when=OPENS[pair.opens]))
    if pair.by_limit or pair.openness is Openness.CUT_BY_LAW:
        return str(gettext("Nobody here: only another law can open it."))
    if pair.shut_by is None:
        return str(gettext("Nobody in this phase."))
    return str(
        gettext(
            "Process lead and lawyer, in a draft: the cell of %(partner)s keeps it closed.",
            partner=words.partner(pair.shut_by),
        )
    )
