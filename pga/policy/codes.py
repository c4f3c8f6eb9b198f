"""The codes of the domain: partners, categories, phases, purposes, conditions, answers."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType


class Track(StrEnum):
    """A track of the approach (spoor), each with a matrix of its own."""

    YOUTH = "youth"
    MONEY_MULE = "money_mule"


class Phase(StrEnum):
    """A phase of a case (fase), from signal to closed."""

    F0 = "F0"
    F1 = "F1"
    F2 = "F2"
    F3 = "F3"
    F4 = "F4"
    F5 = "F5"


class Purpose(StrEnum):
    """What an exchange is for (doel); it picks the legal basis, never the cell (R-02)."""

    HELP = "HELP"
    ORDER = "ORDER"
    PROTECTION = "PROTECTION"
    PREVENTION = "PREVENTION"


class NonPurpose(StrEnum):
    """What nothing in a case may ever be used for (uitgesloten doel)."""

    INVESTIGATION = "INVESTIGATION"
    BENEFITS_SANCTION = "BENEFITS_SANCTION"
    AUTOMATED_SELECTION = "AUTOMATED_SELECTION"


class Exclusion(StrEnum):
    """Who and what stays outside the approach (uitsluiting)."""

    UNDER_12 = "UNDER_12"
    SIBLINGS = "SIBLINGS"
    RADICALISATION = "RADICALISATION"


class Partner(StrEnum):
    """A kind of organisation at the table (partner), by its code.

    A bank has a code so that a question about it gets an answer; it is never a party.
    """

    GPR = "GPR"
    GCR = "GCR"
    BUR = "BUR"
    POL = "POL"
    OM = "OM"
    HLT = "HLT"
    REC = "REC"
    GI = "GI"
    RVK = "RVK"
    VT = "VT"
    GGD = "GGD"
    GGZ = "GGZ"
    JHA = "JHA"
    LPR = "LPR"
    SCH = "SCH"
    JWK = "JWK"
    MEE = "MEE"
    WOC = "WOC"
    DJI = "DJI"
    ZVH = "ZVH"
    SLH = "SLH"
    DBT = "DBT"
    CCT = "CCT"
    BANK = "BANK"


class Category(StrEnum):
    """A category of personal data (gegevenscategorie).

    SIGNAL is the one item of the signal phase. LOG and CASE_NUMBER are what oversight looks at.
    """

    D01 = "D01"
    D02 = "D02"
    D03 = "D03"
    D04 = "D04"
    D05 = "D05"
    D06 = "D06"
    D07 = "D07"
    D08 = "D08"
    D09 = "D09"
    D10 = "D10"
    D11 = "D11"
    D12 = "D12"
    D13 = "D13"
    D14 = "D14"
    D15 = "D15"
    D16 = "D16"
    G01 = "G01"
    G02 = "G02"
    G03 = "G03"
    G04 = "G04"
    G05 = "G05"
    G06 = "G06"
    G07 = "G07"
    G08 = "G08"
    G09 = "G09"
    G10 = "G10"
    G11 = "G11"
    G12 = "G12"
    G13 = "G13"
    SIGNAL = "SIGNAL"
    LOG = "LOG"
    CASE_NUMBER = "CASE_NUMBER"


class PolicyAction(StrEnum):
    """What is asked (handeling): provide an item, consult one, or oversee its handling."""

    PROVIDE = "provide"
    CONSULT = "consult"
    OVERSEE = "oversee"


class Condition(StrEnum):
    """A fact that a rule may ask for (voorwaarde); unknown counts as not met."""

    WEIGHING_NOTE = "weighing_note"
    NAMED_RECIPIENT = "named_recipient"
    SECRECY_RELEASE = "secrecy_release"
    DISCLOSURE_DECISION = "disclosure_decision"
    AFTERCARE_PARTNER = "aftercare_partner"
    STEP_UP = "step_up"


class Block(StrEnum):
    """A fact of a case that forbids exchange (blokkade)."""

    INFORMING_OVERDUE = "informing_overdue"
    REVIEW_OVERDUE = "review_overdue"
    RESTRICTED = "restricted"
    RADICALISATION = "radicalisation"


class Code(StrEnum):
    """The outcome of a decision (uitkomst)."""

    ALLOWED = "allowed"
    NO_RULE = "no_rule"
    FORBIDDEN = "forbidden"
    CONDITION_UNMET = "condition_unmet"
    NOT_IN_FORCE = "not_in_force"
    NOT_A_PARTY = "not_a_party"
    NOT_A_PARTICIPANT = "not_a_participant"


class Stage(StrEnum):
    """What the rules tell apart within the phases (regelfase)."""

    INTAKE = "intake"
    FIRST = "first"
    FULL = "full"
    AFTERCARE = "aftercare"
    CLOSED = "closed"


class NeutralWording(StrEnum):
    """What a provider bound by secrecy may write in plan and actions (neutrale tekst, G3)."""

    APPOINTMENT_MADE = "appointment_made"
    CONVERSATION_HELD = "conversation_held"
    CONVERSATION_MISSED = "conversation_missed"
    CONTACT_CONTINUES = "contact_continues"
    CONTACT_ENDED = "contact_ended"
    STEP_STARTED = "step_started"
    STEP_DONE = "step_done"
    STEP_DELAYED = "step_delayed"
    ASKS_CONTACT = "asks_contact"


YOUTH_CATEGORIES = tuple(Category(f"D{number:02}") for number in range(1, 17))
MONEY_MULE_CATEGORIES = tuple(Category(f"G{number:02}") for number in range(1, 14))
CATEGORIES = MappingProxyType(
    {Track.YOUTH: YOUTH_CATEGORIES, Track.MONEY_MULE: MONEY_MULE_CATEGORIES}
)
PURPOSES = MappingProxyType(
    {
        Track.YOUTH: (Purpose.HELP, Purpose.ORDER, Purpose.PROTECTION),
        Track.MONEY_MULE: (Purpose.PREVENTION, Purpose.PROTECTION),
    }
)
IDENTITY = MappingProxyType({Track.YOUTH: Category.D01, Track.MONEY_MULE: Category.G01})

POSSIBLE_PARTIES = frozenset(Partner) - {Partner.BANK}
CASE_LEADS = frozenset({Partner.GPR, Partner.GCR})
SECURITY_SOURCES = frozenset({Partner.POL, Partner.OM})
WITHOUT_CRIMINAL_DATA = frozenset({Partner.WOC, Partner.SCH, Partner.JWK})
BOUND_BY_SECRECY = frozenset({Partner.GGD, Partner.GGZ, Partner.JHA, Partner.MEE})
CARE_AND_SOCIAL = frozenset(
    {
        *(Partner.GCR, Partner.HLT, Partner.GI, Partner.RVK, Partner.VT, Partner.GGD),
        *(Partner.GGZ, Partner.JHA, Partner.LPR, Partner.SCH, Partner.JWK, Partner.MEE),
        *(Partner.WOC, Partner.ZVH, Partner.SLH, Partner.DBT, Partner.CCT),
    }
)

CRIMINAL = frozenset({Category.D05, Category.D06, Category.G03, Category.G04, Category.G05})
PLAN_AND_ACTIONS = frozenset({Category.D15, Category.D16, Category.G12, Category.G13})

BIT = MappingProxyType({condition: 1 << place for place, condition in enumerate(Condition)})
Met = int | frozenset[Condition]

_STAGE = MappingProxyType(
    {
        Phase.F0: Stage.INTAKE,
        Phase.F1: Stage.FIRST,
        Phase.F2: Stage.FULL,
        Phase.F3: Stage.FULL,
        Phase.F5: Stage.CLOSED,
    }
)


def mask_of(conditions: Iterable[Condition]) -> int:
    """Give the bits of these conditions; what is no condition counts for nothing."""
    mask = 0
    for condition in conditions:
        mask |= BIT.get(condition, 0)
    return mask


def conditions_in(mask: int) -> tuple[Condition, ...]:
    """Give the conditions of a mask, in a fixed order."""
    return tuple(condition for condition, bit in BIT.items() if mask & bit)


ALL_MET = mask_of(Condition)
# Every way to say which conditions are met: as mask and as set.
EVERY_MET: frozenset[Met] = frozenset(
    {
        *range(ALL_MET + 1),
        *(
            frozenset(chosen)
            for size in range(len(Condition) + 1)
            for chosen in combinations(Condition, size)
        ),
    }
)


def stage_of(track: Track, phase: Phase, *, aftercare: bool | None) -> Stage:
    """Tell which rules a phase stands under.

    F4 holds `scaled_down`, where the cells hold as written, and `aftercare`. Where only the phase
    is known the narrower counts; the money-mule track has no aftercare (AFTERCARE). A phase that
    is no phase counts as closed.
    """
    if phase is not Phase.F4:
        return _STAGE.get(phase, Stage.CLOSED)
    if aftercare is None:
        aftercare = track is not Track.MONEY_MULE
    return Stage.AFTERCARE if aftercare else Stage.FULL
