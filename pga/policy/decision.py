"""A decision as a value: the answer, its grounds and why, ready to show and to log."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pga.policy import messages
from pga.policy.codes import Code, Condition, conditions_in
from pga.policy.laws import NOBODY, Obligation, TwoSided
from pga.policy.messages import TO_BE_CHECKED, Message

ALLOWED = "allowed"
DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine answers (beslissing).

    `legal_basis` and `exception_9_10` have a provider's and a recipient's side; `secrecy` is the
    provider's way out of professional secrecy and never a basis (R-24). `conditions` are all the
    rule asks, `missing` those not met. Texts are empty where there is nothing to state.
    """

    decision: str
    code: Code
    rule: str
    clause: str = ""
    legal_basis: TwoSided = NOBODY
    exception_9_10: TwoSided = NOBODY
    secrecy: str = ""
    conditions: tuple[Condition, ...] = ()
    missing: tuple[Condition, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    cut_by_law: bool = False
    verified: bool = True
    explanation: tuple[Message, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Tell whether the answer is yes."""
        return self.code is Code.ALLOWED


def refusal(  # noqa: PLR0913 - the parts of a refusal, each by name
    code: Code,
    rule: str,
    why: Iterable[Message],
    *,
    clause: str = "",
    verified: bool = True,
    cut_by_law: bool = False,
) -> Decision:
    """Make a refusal that no condition can lift."""
    said = tuple(why) if verified else (*why, TO_BE_CHECKED)
    return Decision(
        DENIED,
        code,
        rule,
        clause=clause,
        verified=verified,
        cut_by_law=cut_by_law,
        explanation=said,
    )


def demand(decision: Decision, asked: int, met: int) -> Decision:
    """Add what an action asks beyond its cell, such as `step_up`, to a decision.

    It can only close: a refusal stays as it is, and an allowed one needs what is asked.
    """
    lacking = conditions_in(asked & ~met)
    if not decision.is_allowed or not lacking:
        return decision
    return replace(
        decision,
        decision=DENIED,
        code=Code.CONDITION_UNMET,
        conditions=tuple(dict.fromkeys((*decision.conditions, *lacking))),
        missing=lacking,
        explanation=(*(messages.UNMET[condition] for condition in lacking), *decision.explanation),
    )


def as_data(decision: Decision) -> dict[str, Any]:
    """Give a decision with the keys of the command line and the interface."""
    return {
        "decision": decision.decision,
        "code": str(decision.code),
        "rule": decision.rule,
        "clause": decision.clause or None,
        "legal_basis": str(decision.legal_basis) or None,
        "exception_9_10": str(decision.exception_9_10) or None,
        "secrecy": decision.secrecy or None,
        "missing": [str(condition) for condition in decision.missing],
        "obligations": [str(obligation) for obligation in decision.obligations],
    }


OWNER = Decision(ALLOWED, Code.ALLOWED, "OWNER", explanation=(messages.OWN_ITEM,))
NOT_IN_FORCE = refusal(Code.NOT_IN_FORCE, "R-01", (messages.NOT_IN_FORCE, messages.OWN_ITEMS_STAY))
NOT_A_PARTY = refusal(Code.NOT_A_PARTY, "R-01", (messages.NOT_A_PARTY,))
NOT_A_PARTICIPANT = refusal(Code.NOT_A_PARTICIPANT, "R-04", (messages.NOT_A_PARTICIPANT,))
UNKNOWN = refusal(Code.NO_RULE, "R-03", (messages.REASONS[messages.Why.NO_CATEGORY],))
OVERSIGHT = Decision(
    ALLOWED,
    Code.ALLOWED,
    "OVERSIGHT",
    legal_basis=TwoSided("", "AVG_5_2 + AVG_32 + AVG_39"),
    explanation=(messages.OVERSIGHT,),
)
NO_OVERSIGHT = refusal(Code.NO_RULE, "OVERSIGHT", (messages.NO_OVERSIGHT,))
