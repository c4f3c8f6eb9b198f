"""Examples of an agreement in words: what each asks, in one sentence."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.agreements.cell_words import joined
from pga.policy.codes import Phase, PolicyAction
from pga.policy.examples import sentence_of
from pga.policy.terms import Example

Names = Mapping[str, LazyString]

IN_PHASE: Names = MappingProxyType(
    {
        Phase.F0: _("the signal phase"),
        Phase.F1: _("triage"),
        Phase.F2: _("the case meeting"),
        Phase.F3: _("progress"),
        Phase.F4: _("aftercare"),
        Phase.F5: _("a closed case"),
    }
)
ACTIONS: Names = MappingProxyType(
    {PolicyAction.CONSULT: _("to see something"), PolicyAction.PROVIDE: _("to bring something")}
)
ANSWERS: Names = MappingProxyType({"true": _("That must be allowed"), "false": _("That must not")})


def asked(example: Example) -> str:
    """Say what an example asks and what must come out, in one sentence."""
    message = sentence_of(example)
    codes = dict(message.values)
    said = {
        "provider": words.partner(codes["provider"]),
        "consumer": words.partner(codes["consumer"]),
        "category": words.category(codes["category"]),
        "phase": str(IN_PHASE[codes["phase"]]),
    }
    if example.conditions:
        said["conditions"] = joined(map(words.condition, example.conditions))
    return str(gettext(message.id, **said))
