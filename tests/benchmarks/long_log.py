"""The entries of long logs, and the officer who looks at them.

The newest ten thousand entries are alike in every log: the same cases, people and acts, as close
together. A longer log has more history before them. So what an officer asks has an answer of the
same size in each, and what differs is only how much lies around it.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from audit.entries import Action, Actor, Entry, Explanation, Kind, Line
from audit.reach import Reach

SHORT = 10_000
"""The newest entries, which every log has."""
EVERY = timedelta(seconds=30)
END = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

CASES = 200  # in the newest entries, fifty of each
OURS = 20  # cases, and people, of the organisation whose officer asks
STAFF = 200
PER_CASE = SHORT // CASES
SPREAD = 7919  # a prime: neighbours in the log are about different cases
RULES = 3
ALLOWED = Line("POL", "D15", "allowed", "POL>GPR:D15:consult", "allowed", clause="art. 8")
DENIED = Line("GGZ", "D07", "denied", "GGZ>GPR:D07:consult", "condition_unmet", clause="art. 9")
SHOWN = ((ALLOWED,), (ALLOWED, DENIED), (DENIED,))
ACTS = (95.95, 4, 0.05)


def name_of(what: str, number: int) -> str:
    """Give an id in hex."""
    return sha256(f"{what} {number}".encode()).hexdigest()[:32]


def organisation_of(person: int) -> str:
    """Tell where somebody works: twenty people in each organisation."""
    return name_of("organisation", person // OURS)


def entry_of(size: int, number: int) -> Entry:
    """Make an entry of a log of this size: mostly case pages, some acts of other kinds."""
    age = size - 1 - number
    dice = random.Random(age)  # noqa: S311 - the same entries in every log, no secret
    case = age * SPREAD % CASES
    if age >= SHORT:  # what is history is about other cases; ours are the first
        case = CASES + age * SPREAD % max(1, (size - SHORT) // PER_CASE)
    person = (case + dice.randrange(4)) % STAFF
    actor = Actor(
        name_of("person", person),
        organisation_of(person),
        "GPR",
        "case_manager",
        name_of("session", age // 100),
        "password+totp",
    )
    if dice.random() < 0.04:
        return Entry(Action.LOGIN, actor, actor.person)
    case_id = name_of("case", case)
    lines = dice.choices(SHOWN, (80, 15, 5))[0]
    return Entry(
        dice.choices((Action.CONSULT, Action.LOG_VIEW, Action.BREAK_GLASS), ACTS)[0],
        actor,
        case_id,
        kind=dice.choices((Kind.OPENED, Kind.LISTED, Kind.PRINTED), (72, 25, 3))[0],
        case_id=case_id,
        subjects=(name_of("youth", case),),
        lines=tuple(
            replace(line, rule=f"{line.rule}:{age % RULES}", items=(case_id,)) for line in lines
        ),
        purpose="HELP",
        agreement_version="3",
        policy_hash="9" * 64,
        case_epoch=4,
        agreement_epoch=2,
        explained_by=Explanation("task", name_of("task", case)) if dice.random() < 0.99 else None,
    )


def reach(*cases: int) -> Reach:
    """Give what the officer of the first organisation may be shown: all, or of these cases."""
    known = cases or range(OURS)
    return Reach(
        cases=frozenset(name_of("case", number) for number in known),
        tried=frozenset(name_of("tried", number) for number in known),
        people=frozenset(name_of("person", number) for number in range(OURS)),
        employer=organisation_of(0),
        without_case=not cases,
    )
