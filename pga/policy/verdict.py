"""What the rules of an agreement say on one question, before conditions are looked at.

The order is that of the law: a prohibition first, then purpose and phase, then the rule family or
the two cells. What no rule permits is closed.
"""

from typing import Final, NamedTuple

from pga.policy.catalogue import CellSide
from pga.policy.cells import Side
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
from pga.policy.limits import Limits, standing
from pga.policy.messages import Why
from pga.policy.terms import AgreementDocument

# AFTERCARE; the money-mule track ends after its follow-up and has none.
AFTERCARE_CATEGORIES = frozenset({Category.D01, Category.D15, Category.D16})
AFTERCARE_PARTNER = BIT[Condition.AFTERCARE_PARTNER]
EXCHANGES: Final = (PolicyAction.PROVIDE, PolicyAction.CONSULT)
SHUT: Final = -1  # no mask: nothing can open it


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

    `speaks` is the partner whose clause explains it. The rule of a prohibition is its check.
    """

    code: Code
    need: int
    rule: str
    why: Why
    speaks: Partner

    @property
    def asks(self) -> int:
        """Give the mask of what opens it, SHUT where nothing does."""
        return self.need if self.code is Code.ALLOWED else SHUT


class Moment(NamedTuple):
    """When and how a flow is asked for, and what that partner keeps in aftercare."""

    stage: Stage
    action: PolicyAction
    is_lead: bool
    in_aftercare: bool


class Answer(NamedTuple):
    """What two cells say at a moment: what they ask, SHUT for closed, and why.

    `of_consumer` tells that the recipient's cell decides.
    """

    need: int
    why: Why
    of_consumer: bool = False


def without_purpose(verdict: Verdict) -> Verdict:
    """Give the verdict for a purpose the agreement does not have: prohibitions stay (R-02)."""
    if verdict.code is Code.FORBIDDEN:
        return verdict
    return Verdict(Code.NO_RULE, 0, "R-02", Why.PURPOSE, verdict.speaks)


def verdict_of(
    document: AgreementDocument, asked: Question, limits: Limits | None = None
) -> Verdict:
    """Give the verdict on a question about a category of its track, or about the signal.

    Without `limits`, under those the program comes with.
    """
    limits = standing() if limits is None else limits
    cut = limits.forbids(asked.provider, asked.consumer, asked.category, under_12=asked.under_12)
    if cut is not None:
        return forbidden(cut.code, asked.provider)
    if asked.category is Category.SIGNAL:
        found = by_signal(limits, asked, has_basis=can_send(document, asked.track, asked.provider))
        if found.need == SHUT:
            return _closed(found.why, asked.provider)
        rule = f"INTAKE:{asked.provider}>{asked.consumer}"
        return Verdict(Code.ALLOWED, found.need, rule, found.why, asked.provider)
    provide = document.cell(asked.track, asked.provider, asked.category).provide
    consult = document.cell(asked.track, asked.consumer, asked.category).consult
    moment = Moment(
        asked.stage,
        asked.action,
        asked.consumer in CASE_LEADS,
        stays_in_aftercare(asked.track, asked.category),
    )
    found = by_cells(provide, consult, moment)
    if found.need == SHUT:
        return _closed(found.why, asked.consumer if found.of_consumer else asked.provider)
    rule = f"{asked.provider}>{asked.consumer}:{asked.category}:{asked.action}"
    if found.why is Why.AFTERCARE:
        rule = f"AFTERCARE:{rule}"
    return Verdict(Code.ALLOWED, found.need, rule, found.why, asked.provider)


def stays_in_aftercare(track: Track, category: Category) -> bool:
    """Tell whether the named partner keeps a category in aftercare (AFTERCARE)."""
    return track is Track.YOUTH and category in AFTERCARE_CATEGORIES


def by_cells(provide: Side, consult: Side, moment: Moment) -> Answer:
    """Judge by both cells.

    Providing needs the provider's cell in this stage and a recipient's cell that is not X;
    consulting needs both, each in its own stages and with its own conditions. In the signal phase
    and in a closed case no cell opens; in aftercare the named partner and the leads keep theirs.
    """
    if moment.stage is Stage.INTAKE:
        return Answer(SHUT, Why.INTAKE_ONLY)
    if moment.stage is Stage.CLOSED:
        return Answer(SHUT, Why.CASE_CLOSED)
    return _by_open_cells(provide, consult, moment)


def _by_open_cells(provide: Side, consult: Side, moment: Moment) -> Answer:
    """Judge by both cells in a stage in which cells can be open."""
    if moment.stage not in provide.stages:
        return Answer(SHUT, Why.PROVIDER_LATER if provide.is_open else Why.PROVIDER_NEVER)
    if not consult.is_open:
        own = Why.CONSUMER_OWN if consult.sign == "o" else Why.CONSUMER_NEVER
        return Answer(SHUT, own, of_consumer=True)
    need = provide.need
    if moment.action is PolicyAction.CONSULT:
        if moment.stage not in consult.stages:
            return Answer(SHUT, Why.CONSUMER_LATER, of_consumer=True)
        need |= consult.need
    if moment.stage is not Stage.AFTERCARE or moment.is_lead:
        return Answer(need, Why.CELLS)
    if not moment.in_aftercare:
        return Answer(SHUT, Why.AFTERCARE_ONLY, of_consumer=True)
    return Answer(need | AFTERCARE_PARTNER, Why.AFTERCARE)


def by_signal(limits: Limits, asked: Question, *, has_basis: bool) -> Answer:
    """Judge the signal: in the signal phase it goes to the process lead and nowhere else (INTAKE).

    Who has no basis to provide cannot send one (R-05). By G2 and G3 the signal of police and
    prosecution needs a decision, that of a care provider a release.
    """
    if asked.stage is not Stage.INTAKE:
        return Answer(SHUT, Why.INTAKE_ENDED)
    gives, takes = CellSide.PROVIDE, CellSide.CONSULT
    if (
        asked.consumer is not Partner.GPR
        or not has_basis
        or limits.shuts(gives, asked.provider, Category.SIGNAL)
        or limits.shuts(takes, asked.consumer, Category.SIGNAL)
    ):
        return Answer(SHUT, Why.INTAKE_ONLY)
    need = limits.needed(gives, asked.provider, Category.SIGNAL)
    if asked.action is PolicyAction.CONSULT:
        need |= limits.needed(takes, asked.consumer, Category.SIGNAL)
    return Answer(need, Why.INTAKE)


def can_send(document: AgreementDocument, track: Track, provider: Partner) -> bool:
    """Tell whether a partner has a basis to provide, without which it sends no signal (R-05)."""
    bases = document.legal_bases.get(track, {}).get(provider)
    return bases is not None and bool(bases.provide)


def forbidden(check: str, speaks: Partner) -> Verdict:
    """Give a prohibition, which goes before anything an agreement says."""
    return Verdict(Code.FORBIDDEN, 0, check, Why.CUT, speaks)


def _closed(why: Why, speaks: Partner) -> Verdict:
    """Give the default: what no rule permits is closed (R-03)."""
    return Verdict(Code.NO_RULE, 0, "R-03", why, speaks)
