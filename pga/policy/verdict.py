"""What the rules of an agreement say on one question, before conditions are looked at.

The order is that of the law: a prohibition first, then purpose and phase, then the rule family or
the two cells. What no rule permits is closed.
"""

from typing import NamedTuple

from pga.policy.codes import (
    BIT,
    CASE_LEADS,
    Category,
    Code,
    Condition,
    Partner,
    PolicyAction,
    Stage,
    Track,
)
from pga.policy.limits import needed_by_law, pair_limit
from pga.policy.messages import Why
from pga.policy.terms import AgreementDocument

# AFTERCARE; the money-mule track ends after its follow-up and has none.
AFTERCARE_CATEGORIES = frozenset({Category.D01, Category.D15, Category.D16})
AFTERCARE_PARTNER = BIT[Condition.AFTERCARE_PARTNER]


class Question(NamedTuple):
    """One question to the table: who, from whom, what, when, and whether the youth is under 12."""

    track: Track
    stage: Stage
    provider: Partner
    consumer: Partner
    category: Category
    action: PolicyAction
    under_12: bool = False


class Verdict(NamedTuple):
    """The answer of the rules: a code, the conditions asked as a mask, the rule, and why.

    `speaks` is the partner whose clause explains it.
    """

    code: Code
    need: int
    rule: str
    why: Why
    speaks: Partner


def without_purpose(verdict: Verdict) -> Verdict:
    """Give the verdict for a purpose the agreement does not have: prohibitions stay (R-02)."""
    if verdict.code is Code.FORBIDDEN:
        return verdict
    return Verdict(Code.NO_RULE, 0, "R-02", Why.PURPOSE, verdict.speaks)


def verdict_of(document: AgreementDocument, asked: Question) -> Verdict:
    """Give the verdict on a question about a category of its track, or about the signal."""
    limit = pair_limit(asked.provider, asked.consumer, asked.category, under_12=asked.under_12)
    if limit is not None:
        return Verdict(Code.FORBIDDEN, 0, limit.code, Why(limit.code), asked.provider)
    if asked.category is Category.SIGNAL or asked.stage is Stage.INTAKE:
        return _intake(document, asked)
    if asked.stage is Stage.CLOSED:
        return _closed(Why.CASE_CLOSED, asked.provider)
    return _cells(document, asked)


def _intake(document: AgreementDocument, asked: Question) -> Verdict:
    """Judge the signal phase: the signal goes to the process lead and nothing else does (INTAKE).

    Who has no basis to provide cannot send one (R-05). By G2 and G3 the signal of police and
    prosecution needs a decision, that of a care provider a release.
    """
    if asked.stage is not Stage.INTAKE:
        return _closed(Why.INTAKE_ENDED, asked.provider)
    bases = document.legal_bases.get(asked.track, {}).get(asked.provider)
    if (
        asked.category is not Category.SIGNAL
        or asked.consumer is not Partner.GPR
        or bases is None
        or not bases.provide
    ):
        return _closed(Why.INTAKE_ONLY, asked.provider)
    need = needed_by_law(asked.provider, Category.SIGNAL)
    return Verdict(
        Code.ALLOWED, need, f"INTAKE:{asked.provider}>{asked.consumer}", Why.INTAKE, asked.provider
    )


def _cells(document: AgreementDocument, asked: Question) -> Verdict:
    """Judge by both cells.

    Providing needs the provider's cell in this stage and a recipient's cell that is not X;
    consulting needs both, each in its own stages and with its own conditions.
    """
    provide = document.cell(asked.track, asked.provider, asked.category).provide
    consult = document.cell(asked.track, asked.consumer, asked.category).consult
    if asked.stage not in provide.stages:
        later = Why.PROVIDER_LATER if provide.is_open else Why.PROVIDER_NEVER
        return _closed(later, asked.provider)
    if not consult.is_open:
        own = Why.CONSUMER_OWN if consult.sign == "o" else Why.CONSUMER_NEVER
        return _closed(own, asked.consumer)
    need = provide.need
    if asked.action is PolicyAction.CONSULT:
        if asked.stage not in consult.stages:
            return _closed(Why.CONSUMER_LATER, asked.consumer)
        need |= consult.need
    rule = f"{asked.provider}>{asked.consumer}:{asked.category}:{asked.action}"
    if asked.stage is not Stage.AFTERCARE or asked.consumer in CASE_LEADS:
        return Verdict(Code.ALLOWED, need, rule, Why.CELLS, asked.provider)
    if asked.track is Track.MONEY_MULE or asked.category not in AFTERCARE_CATEGORIES:
        return _closed(Why.AFTERCARE_ONLY, asked.consumer)
    need |= AFTERCARE_PARTNER
    return Verdict(Code.ALLOWED, need, f"AFTERCARE:{rule}", Why.AFTERCARE, asked.provider)


def _closed(why: Why, speaks: Partner) -> Verdict:
    """Give the default: what no rule permits is closed (R-03)."""
    return Verdict(Code.NO_RULE, 0, "R-03", why, speaks)
