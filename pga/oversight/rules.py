"""Pure rules of oversight: who oversees what, which acts are told how, and how lists fold."""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from audit.entries import Action, Kind, Outcome
from pga.policy.catalogue import Catalogue, CellSide
from pga.policy.codes import (
    CATEGORIES,
    Category,
    Condition,
    Partner,
    PolicyAction,
    conditions_in,
)
from pga.policy.limits import limits_of
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import AFTERCARE_PARTNER

T = TypeVar("T")

OFFICER_ROLES = frozenset({"privacy_officer", "dpo"})
MUNICIPAL_PARTNERS = frozenset({"GPR", "GCR", "BUR"})
OWN_RULES = ("OWNER", "own-draft")
"""Rules by which somebody reads what the own organisation brought: that needs no explanation."""
VERIFY_EVERY = timedelta(days=1)
STALE_AFTER = timedelta(hours=26)
NIGHT = time(3)
NO_RULE = "-"
"""What an address calls refusals that name no rule."""


class LookReason(StrEnum):
    """Why an officer looks into the log (reden van inzage); every look is entered with it."""

    ROUTINE = "routine"
    REQUEST = "request"
    COMPLAINT = "complaint"
    INCIDENT = "incident"


class Show(StrEnum):
    """Which acts a table is narrowed to (selectie)."""

    EVERYTHING = ""
    OPENED = "opened"
    LISTED = "listed"
    REFUSED = "refused"
    WRITTEN = "written"
    OVERSIGHT = "oversight"
    EMERGENCY = "emergency"


class LogVerdict(StrEnum):
    """What a verification found (uitkomst van de controle).

    Rewritten: sound in itself, but not the log that was found whole before.
    """

    OK = "ok"
    TAMPERED = "tampered"
    REWRITTEN = "rewritten"
    INCOMPLETE = "incomplete"


class ReviewOutcome(StrEnum):
    """How an access that asked for an explanation was judged (oordeel)."""

    EXPLAINED = "explained"
    WORK = "work"
    MISTAKE = "mistake"
    BREACH = "breach"


BROKEN = frozenset({LogVerdict.TAMPERED, LogVerdict.REWRITTEN})
READ = frozenset({Action.CONSULT, Action.OVERSEE, Action.BREAK_GLASS, Action.HIT_NOHIT})
WRITTEN = frozenset(
    {
        *(Action.CREATE, Action.UPDATE, Action.PROVIDE, Action.TRANSITION, Action.ROLE_CHANGE),
        *(Action.CONSENT_SET, Action.CONSENT_WITHDRAW, Action.RELEASE, Action.RIGHTS_REQ),
        *(Action.RETENTION_BLOCK, Action.DESTROY, Action.RESTORED),
    }
)
WHOLE = (Kind.OPENED, Kind.PRINTED, Kind.EXPORTED)
IN_PASSING = (Kind.LISTED, Kind.SEARCHED)
# Signing in, and the second entry of a write, are no access to a youth.
TOLD = READ | WRITTEN | {Action.OUTCOME, Action.LOG_VIEW}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a table asks of the log: acts, kinds (None: no read) and decisions."""

    actions: frozenset[Action]
    kinds: tuple[Kind | None, ...] | None = None
    outcome: Outcome | None = None


# What was opened, written or refused, one row each.
ONE_BY_ONE = {
    Show.EVERYTHING: Narrowing(TOLD - {Action.LOG_VIEW}, (*WHOLE, None)),
    Show.OPENED: Narrowing(READ | {Action.OUTCOME}, (*WHOLE, None)),
    Show.REFUSED: Narrowing(TOLD, outcome=Outcome.DENY),
    Show.WRITTEN: Narrowing(WRITTEN),
    Show.OVERSIGHT: Narrowing(frozenset({Action.LOG_VIEW, Action.OVERSEE})),
    Show.EMERGENCY: Narrowing(frozenset({Action.BREAK_GLASS})),
}
# Data went from who brought it to who opened it; an outcome says that it did not after all.
DISCLOSED = Narrowing(
    frozenset({Action.CONSULT, Action.BREAK_GLASS, Action.OUTCOME}), (*WHOLE, None)
)
# What was seen in passing, folded per day; refusals stand above.
FOLDED = {
    Show.EVERYTHING: Narrowing(TOLD, IN_PASSING),
    Show.LISTED: Narrowing(TOLD, IN_PASSING),
}
# The page of refusals, in the same two halves.
REFUSALS = Narrowing(TOLD, (*WHOLE, None))
REFUSALS_IN_PASSING = Narrowing(TOLD, IN_PASSING)
_RULE_OF_CELLS = re.compile(
    r"(?P<aftercare>AFTERCARE:)?(?P<provider>\w+)>(?P<consumer>\w+):(?P<category>\w+):(?P<action>\w+)"
)
_RULE_OF_INTAKE = re.compile(r"INTAKE:(?P<provider>\w+)>(?P<consumer>\w+)")


# On paper and in a file nothing is folded.
UNFOLDED = {**ONE_BY_ONE, **FOLDED, Show.EVERYTHING: Narrowing(TOLD)}


@dataclass(frozen=True, slots=True)
class Flow:
    """What the name of a rule says: which part goes from whom to whom, and what was asked."""

    provider: Partner
    consumer: Partner
    category: Category
    action: PolicyAction
    is_aftercare: bool = False


def flow_of(rule: str) -> Flow | None:
    """Read the name of a rule that permits an exchange; None for a rule of another kind."""
    cells, intake = _RULE_OF_CELLS.fullmatch(rule), _RULE_OF_INTAKE.fullmatch(rule)
    try:
        if cells is not None:
            return Flow(
                Partner(cells["provider"]),
                Partner(cells["consumer"]),
                Category(cells["category"]),
                PolicyAction(cells["action"]),
                is_aftercare=cells["aftercare"] is not None,
            )
        if intake is not None:
            between = Partner(intake["provider"]), Partner(intake["consumer"])
            return Flow(*between, Category.SIGNAL, PolicyAction.PROVIDE)
    except ValueError:  # a code of a later version of the program
        return None
    return None


def asked_by(document: AgreementDocument, rule: str, catalogue: Catalogue) -> tuple[Condition, ...]:
    """Tell which conditions a rule asks by the cells of this version, met or not.

    No cell speaks of the signal: what it asks is of an edition of the limits (G2, G3).
    The log names the rule of a refusal, not which of its conditions was lacking.
    """
    flow = flow_of(rule)
    if flow is None:
        return ()
    if flow.category is Category.SIGNAL:
        return conditions_in(
            limits_of(catalogue).needed(CellSide.PROVIDE, flow.provider, flow.category)
        )
    tracks = [track for track, codes in CATEGORIES.items() if flow.category in codes]
    need = AFTERCARE_PARTNER if flow.is_aftercare else 0
    for track in tracks:
        need |= document.cell(track, flow.provider, flow.category).provide.need
        if flow.action is PolicyAction.CONSULT:
            need |= document.cell(track, flow.consumer, flow.category).consult.need
    return conditions_in(need)


def is_officer(role: str) -> bool:
    """Tell whether a role may look into the log: privacy officer or FG (OVERSIGHT, AVG 39)."""
    return role in OFFICER_ROLES


def sees_whole_municipality(partner: str) -> bool:
    """Tell whether an officer of this partner oversees all cases of the municipality.

    An officer of any other partner oversees what its own staff did, and nothing else.
    """
    return partner in MUNICIPAL_PARTNERS


def fold(things: Iterable[T], key: Callable[[T], Hashable | None]) -> list[tuple[T, ...]]:
    """Put things with the same key together, in the order of the first; without one, apart."""
    folds: dict[Hashable, list[T]] = {}
    for number, thing in enumerate(things):
        found = key(thing)
        folds.setdefault(("apart", number) if found is None else ("key", found), []).append(thing)
    return [tuple(members) for members in folds.values()]


def whole_days(things: list[T], most: int, day: Callable[[T], Hashable]) -> list[T]:
    """Leave out the last day of a list that was cut off at `most`, unless it is the only one.

    A day that continues on the next page would be counted twice, each time too low.
    """
    if len(things) < most:
        return things
    last = day(things[-1])
    kept = [thing for thing in things if day(thing) != last]
    return kept or things


def is_stale(verified_at: datetime, now: datetime) -> bool:
    """Tell whether the daily verification of the log is overdue."""
    return now - verified_at > STALE_AFTER


def night_before(now: datetime) -> datetime:
    """Give the last time it was night, when the long checks begin; `now` is a local time."""
    tonight = datetime.combine(now.date(), NIGHT, now.tzinfo)
    if tonight <= now:
        return tonight
    return datetime.combine(now.date() - timedelta(days=1), NIGHT, now.tzinfo)
