"""Examples as tests: what people wrote must come out, asked of the engine that decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from pga.policy.codes import POSSIBLE_PARTIES, PolicyAction
from pga.policy.compile import Table
from pga.policy.decide import Situation, decide
from pga.policy.decision import Decision
from pga.policy.messages import Message
from pga.policy.terms import Example

AGE = 15
_SENTENCES = MappingProxyType(
    {
        (PolicyAction.CONSULT, True): Message(
            "%(consumer)s may see %(category)s of %(provider)s in %(phase)s."
        ),
        (PolicyAction.CONSULT, False): Message(
            "%(consumer)s may not see %(category)s of %(provider)s in %(phase)s."
        ),
        (PolicyAction.PROVIDE, True): Message(
            "%(provider)s may bring %(category)s to %(consumer)s in %(phase)s."
        ),
        (PolicyAction.PROVIDE, False): Message(
            "%(provider)s may not bring %(category)s to %(consumer)s in %(phase)s."
        ),
    }
)
_WITH_CONDITIONS = MappingProxyType(
    {
        (PolicyAction.CONSULT, True): Message(
            "%(consumer)s may see %(category)s of %(provider)s in %(phase)s when there is: "
            "%(conditions)s."
        ),
        (PolicyAction.CONSULT, False): Message(
            "%(consumer)s may not see %(category)s of %(provider)s in %(phase)s, even when there "
            "is: %(conditions)s."
        ),
        (PolicyAction.PROVIDE, True): Message(
            "%(provider)s may bring %(category)s to %(consumer)s in %(phase)s when there is: "
            "%(conditions)s."
        ),
        (PolicyAction.PROVIDE, False): Message(
            "%(provider)s may not bring %(category)s to %(consumer)s in %(phase)s, even when there "
            "is: %(conditions)s."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What came out of an example (uitkomst van een voorbeeld), and so whether it holds."""

    example: Example
    decision: Decision

    @property
    def holds(self) -> bool:
        """Tell whether the agreement says what the example says."""
        return self.decision.is_allowed is self.example.may


def run(table: Table) -> list[ExampleOutcome]:
    """Run every example of an agreement, in the order of the file."""
    return [ExampleOutcome(example, answer(table, example)) for example in table.document.examples]


def broken(table: Table) -> list[ExampleOutcome]:
    """Give the examples that do not hold."""
    return [outcome for outcome in run(table) if not outcome.holds]


def broken_anew(
    before: Iterable[ExampleOutcome], after: Iterable[ExampleOutcome]
) -> list[ExampleOutcome]:
    """Give the examples that held before and no longer do; what was broken already is not told."""
    held = {outcome.example for outcome in before if outcome.holds}
    return [one for one in after if one.example in held and not one.holds]


def answer(table: Table, example: Example) -> Decision:
    """Ask the engine what an example is about.

    As if the agreement were in force and everybody had signed: for a named participant, about a
    youth of 15 in a case that nothing blocks. In F4 the narrower aftercare counts.
    """
    purposes = table.document.purposes(example.track)
    situation = Situation(
        track=example.track,
        phase=example.phase,
        purpose=example.purpose or (purposes[0] if purposes else ""),
        consumer=example.consumer,
        in_force=True,
        participant=True,
        parties=POSSIBLE_PARTIES,
        age=AGE,
    )
    where = (example.provider, example.category, example.action)
    return decide(table, situation, *where, frozenset(example.conditions))


def sentence_of(example: Example) -> Message:
    """Say an example as one sentence, with its codes to fill in.

    Conditions are joined by "+". The room that shows it puts the codes in plain words.
    """
    asked = "+".join(example.conditions)
    sentences = _WITH_CONDITIONS if asked else _SENTENCES
    values = [
        ("provider", str(example.provider)),
        ("consumer", str(example.consumer)),
        ("category", str(example.category)),
        ("phase", str(example.phase)),
    ]
    if asked:
        values.append(("conditions", asked))
    return Message(sentences[example.action, example.may].id, tuple(values))
