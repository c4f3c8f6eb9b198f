"""Pure rules of oversight: who oversees what, which acts are told how, and how lists fold."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from audit.entries import Action, Kind, Outcome

T = TypeVar("T")

OFFICER_ROLES = frozenset({"privacy_officer", "dpo"})
MUNICIPAL_PARTNERS = frozenset({"GPR", "GCR", "BUR"})
VERIFY_EVERY = timedelta(days=1)
STALE_AFTER = timedelta(hours=26)


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


class LogVerdict(StrEnum):
    """What a verification found (uitkomst van de controle).

    Rewritten: sound in itself, but not the log that was found whole before.
    """

    OK = "ok"
    TAMPERED = "tampered"
    REWRITTEN = "rewritten"
    INCOMPLETE = "incomplete"


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
}
# What was seen in passing, folded per day; refusals stand above.
FOLDED = {
    Show.EVERYTHING: Narrowing(TOLD, IN_PASSING),
    Show.LISTED: Narrowing(TOLD, IN_PASSING),
}


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
