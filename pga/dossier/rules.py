"""Pure rules of the case file: kinds of items, what a text may not hold, and the undo window."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pga.cases.rules import INFORM_WITHIN_DAYS, WorkKind
from pga.policy.codes import NeutralWording

UNDO_WITHIN = timedelta(minutes=10)
BREACH_HOURS = 72
YOUNGEST, OLDEST = 12, 23
SIGNAL_CATEGORY = "SIGNAL"
NOTE_CATEGORY = "NOTE"


class ItemKind(StrEnum):
    """What an item of a case file is (soort bijdrage)."""

    SIGNAL = "signal"
    IDENTITY = "identity"
    BSN = "bsn"
    FAMILY = "family"
    CONTRIBUTION = "contribution"
    INTERVENTION = "intervention"
    GOAL = "goal"
    YOUTH_VIEW = "youth_view"
    ACTION = "action"
    DECISION = "decision"


class FactType(StrEnum):
    """How sure a statement is (feit, waarneming of oordeel); kept apart in every contribution."""

    FACT = "fact"
    OBSERVATION = "observation"
    JUDGEMENT = "judgement"


class StepReason(StrEnum):
    """Why a case is turned away, suspended or ended (reden van een stap)."""

    OUTSIDE_TARGET_GROUP = "outside_target_group"
    ONE_PARTNER_IS_ENOUGH = "one_partner_is_enough"
    OTHER_TABLE = "other_table"
    GOALS_REACHED = "goals_reached"
    NO_LONGER_NEEDED = "no_longer_needed"
    MOVED = "moved"
    INVESTIGATION = "investigation"
    DETENTION = "detention"
    ABROAD = "abroad"
    AGREEMENT_ENDED = "agreement_ended"
    AFTERCARE_ENDED = "aftercare_ended"


CHOSEN_REASONS = tuple(one for one in StepReason if one is not StepReason.AFTERCARE_ENDED)
"""The reasons people choose; a case whose aftercare is over closes itself."""

TO_READERS = frozenset({WorkKind.READ_CORRECTION, WorkKind.STOP_USING})
"""What is told to whoever read something, also when the seat is gone (AVG 19)."""

AFTER_THE_END = TO_READERS | {
    WorkKind.INFORM_YOUTH,
    WorkKind.POSSIBLE_BREACH,
    WorkKind.RECORD_DISCLOSURE,
}
"""What still waits when its case has ended; everything else was for a case that runs."""

IDENTITY_OF: Mapping[str, str] = {"youth": "D01", "money_mule": "G01"}
FAMILY_OF: Mapping[str, str] = {"youth": "D03", "money_mule": "G02"}
PLAN_OF: Mapping[str, str] = {"youth": "D15", "money_mule": "G12"}
ACTIONS_OF: Mapping[str, str] = {"youth": "D16", "money_mule": "G13"}
BSN_CATEGORY = "D02"


class Intervention(StrEnum):
    """An intervention one can choose without typing (interventie uit de bibliotheek)."""

    HOME_VISIT = "home_visit"
    TALK = "talk"
    TALK_WITH_PARENTS = "talk_with_parents"
    PHONE_CALL = "phone_call"
    SCHOOL_TALK = "school_talk"
    YOUTH_WORK = "youth_work"
    HALT = "halt"
    WORK_OR_INTERNSHIP = "work_or_internship"
    DEBT_HELP = "debt_help"
    LVB_SUPPORT = "lvb_support"
    INFO_LETTER_PARENTS = "info_letter_parents"
    LETTER_MAYOR_POLICE = "letter_mayor_police"
    VISIT_WIJKAGENT_MUNICIPALITY = "visit_wijkagent_municipality"
    STOP_TALK = "stop_talk"
    EXPLOITATION_ROUTE = "exploitation_route"


LIBRARY_OF: Mapping[str, tuple[Intervention, ...]] = {
    "youth": (
        Intervention.TALK,
        Intervention.HOME_VISIT,
        Intervention.PHONE_CALL,
        Intervention.TALK_WITH_PARENTS,
        Intervention.SCHOOL_TALK,
        Intervention.YOUTH_WORK,
        Intervention.WORK_OR_INTERNSHIP,
        Intervention.HALT,
        Intervention.DEBT_HELP,
        Intervention.LVB_SUPPORT,
        Intervention.EXPLOITATION_ROUTE,
    ),
    "money_mule": (
        Intervention.INFO_LETTER_PARENTS,
        Intervention.LETTER_MAYOR_POLICE,
        Intervention.VISIT_WIJKAGENT_MUNICIPALITY,
        Intervention.STOP_TALK,
        Intervention.HALT,
        Intervention.DEBT_HELP,
        Intervention.LVB_SUPPORT,
        Intervention.YOUTH_WORK,
        Intervention.EXPLOITATION_ROUTE,
    ),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a text cannot be kept as it is: a message id."""

    message: str


_IBAN = re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z0-9]{4}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def objections(text: str) -> list[Objection]:
    """Say what a text may not hold: account numbers (G10, G5) and citizen numbers (UAVG 46)."""
    found = []
    if _IBAN.search(text.upper()):
        found.append(
            Objection("An account number does not belong here. Leave it out; the police keep it.")
        )
    if any(_is_bsn(match.group()) for match in _NINE_DIGITS.finditer(text)):
        found.append(Objection("A citizen service number (BSN) does not belong in a text."))
    return found


def _is_bsn(digits: str) -> bool:
    """Tell whether nine digits pass the 11-test of a citizen service number."""
    total = sum(int(d) * w for d, w in zip(digits, _BSN_WEIGHTS, strict=True))
    return total % 11 == 0 and int(digits) > 0


def must_be_neutral(partner: str, category: str, bound: frozenset[str]) -> bool:
    """Tell whether a provider bound by secrecy may only choose a fixed wording here (G3, R-29)."""
    return partner in bound and category in {*PLAN_OF.values(), *ACTIONS_OF.values()}


def is_neutral(title: str, *others: str) -> bool:
    """Tell whether an item says no more than one of the fixed wordings, in whatever field."""
    wordings = set(NeutralWording)
    return title in wordings and all(not text or text in wordings for text in others)


def is_in_target_group(age: int | None) -> bool:
    """Tell whether a youth may be admitted: 12 to 23 years, and the age is known (R-07)."""
    return age is not None and YOUNGEST <= age <= OLDEST


def is_gone_before_informing(opened_on: date, ended_on: date, kept_days: int) -> bool:
    """Tell whether a signal turned away is destroyed before the month to inform the youth is over.

    Then nothing is left to tell about (AVG 14(3)(a); R-30). The term of keeping runs from the end.
    """
    return (ended_on - opened_on).days + kept_days <= INFORM_WITHIN_DAYS


def can_undo(created_at: datetime, at: datetime, *, was_opened: bool) -> bool:
    """Tell whether an item may still be undone: within ten minutes, and nobody opened it."""
    return not was_opened and at - created_at <= UNDO_WITHIN


def breach_due(at: datetime) -> datetime:
    """Tell when a breach must be reported at the latest: 72 hours from awareness (AVG 33(1))."""
    return at + timedelta(hours=BREACH_HOURS)
