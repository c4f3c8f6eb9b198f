"""Examples of an agreement in words: what each asks in one sentence, and what comes out of it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.agreements.cell_words import joined
from pga.policy.codes import (
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Track,
    stage_of,
)
from pga.policy.examples import ExampleOutcome, sentence_of
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


def stage(example: Example) -> str:
    """Give the stage that an example asks about, as a page about one is called for."""
    return str(stage_of(example.track, example.phase, aftercare=None))


def named(question: str) -> str:
    """Name an example by the question it asks, as its place has it."""
    phase, _purpose, provider, consumer, category, _action, _mask = question.split(" ")
    return str(
        gettext(
            "%(consumer)s in %(phase)s: %(category)s of %(provider)s",
            consumer=words.partner(consumer),
            phase=str(IN_PHASE[phase]),
            category=words.category(category),
            provider=words.partner(provider),
        )
    )


def said(data: Mapping[str, Any]) -> list[str]:
    """Say an example that stood at a place: in its own words, and what it asks."""
    example = Example(
        text=data["text"],
        track=Track(data["track"]),
        phase=Phase(data["phase"]),
        provider=Partner(data["provider"]),
        consumer=Partner(data["consumer"]),
        category=Category(data["category"]),
        action=PolicyAction(data["action"]),
        may=data["may"],
        conditions=tuple(map(Condition, data.get("conditions", ()))),
    )
    return list(dict.fromkeys((example.text, asked(example))))


def asked(example: Example) -> str:
    """Say what an example asks and what must come out, in one sentence."""
    message = sentence_of(example)
    codes = dict(message.values)
    values = {
        "provider": words.partner(codes["provider"]),
        "consumer": words.partner(codes["consumer"]),
        "category": words.category(codes["category"]),
        "phase": str(IN_PHASE[codes["phase"]]),
    }
    if example.conditions:
        values["conditions"] = joined(map(words.condition, example.conditions))
    return str(gettext(message.id, **values))


def answered(outcome: ExampleOutcome) -> str:
    """Say what the text answers where that is not what the example says."""
    if outcome.decision.is_allowed:
        return str(gettext("By this text it is allowed."))
    return str(gettext("By this text it is not allowed."))


def why_not(outcome: ExampleOutcome) -> list[str]:
    """Say an example that does not come out: the answer, what it asks, the rule and the reasons."""
    decision, question = outcome.decision, asked(outcome.example)
    first = f"{outcome.example.text} | {gettext('does not come out')}: {answered(outcome)}"
    place = [f"{gettext('Rule')} {decision.rule}"]
    if decision.clause:
        place.append(f"{gettext('Clause')} {decision.clause}")
    said = [] if question == outcome.example.text else [question]
    return [first, *said, ", ".join(place), *words.sentences(decision.explanation)]
