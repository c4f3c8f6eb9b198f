"""The controlled lists of an agreement: legal bases, exceptions, ways out of secrecy, obligations.

A basis is written as articles joined by " + ", alternatives by " | ":
`WPG_20 | WPG_19 | WPG_18` or `AVG_6_1_e + GEMEENTEWET_172`. Codes cite articles and are the same
in every language; which of them a lawyer has confirmed stands on the clause that uses them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ANY = " | "
ALL = " + "

# The first article of an alternative: an AVG 6 basis, or the police or prosecution act in its
# place (AVG 2(2)(d)).
FIRST_ARTICLES = frozenset(
    {
        *("AVG_6_1_b", "AVG_6_1_c", "AVG_6_1_d", "AVG_6_1_e", "AVG_6_1_f"),
        *("WPG_16", "WPG_18", "WPG_19", "WPG_20", "WJSG_39F"),
    }
)
TASKS = frozenset(
    {
        *("JEUGDWET_2_1", "JEUGDWET_2_1_TO_2_6", "JEUGDWET_2_4", "JEUGDWET_MEASURE"),
        *("WMO_2_1_1", "WMO_4_1_1", "WMO_5_1_6", "GEMEENTEWET_172"),
        *("POLITIEWET_3", "PROSECUTION_TASK", "SR_77E", "RECLASSERINGSREGELING"),
        *("BW_1_238_TO_243", "LEERPLICHTWET", "RMC", "SUBSIDY_TASK", "PBW", "BJJ", "WGSH"),
    }
)
EXCEPTIONS = frozenset(
    {
        *("UAVG_22_2_a", "UAVG_30_2_a", "UAVG_30_2_b", "UAVG_30_3", "UAVG_33", "UAVG_33_1_a"),
        *("WMO_5_1_6", "WPG_5", "BJSG", "OPEN"),
    }
)

# consent and release are extra conditions beside the basis. They are known here only to be
# refused by name wherever a basis is stated.
_CONSENT = frozenset(
    {
        *("AVG_6_1_A", "AVG_9_2_A", "UAVG_22_2_A", "CONSENT", "EXPLICIT_CONSENT", "TOESTEMMING"),
        *("RELEASE", "SECRECY_RELEASE"),
    }
)


class WayOut(StrEnum):
    """How a provider may speak despite professional secrecy (weg uit het beroepsgeheim)."""

    NONE_NEEDED = "none_needed"
    RELEASE = "secrecy_release"
    DISCLOSURE_DECISION = "disclosure_decision"
    OWN_TASK = "own_task"
    OWN_ASSESSMENT = "own_assessment"
    JEUGDWET_7_3_11 = "JEUGDWET_7_3_11"


class Obligation(StrEnum):
    """What a decision gives along to the one who acts on it (verplichting)."""

    NO_ONWARD_WITHOUT_OWNER = "no_onward_without_owner"
    NO_ONWARD = "no_onward"
    NOT_FOR_BENEFITS_SANCTIONS = "not_for_benefits_sanctions"
    NOT_FOR_INVESTIGATION = "not_for_investigation"
    HIT_NO_HIT_ONLY = "hit_no_hit_only"
    FACTS_ONLY = "facts_only"
    PROCESS_DATA_ONLY = "process_data_only"
    FACTS_AND_JUDGEMENT_APART = "facts_and_judgement_apart"
    SUMMARY_ONLY = "summary_only"
    NO_NAMES_OF_OTHERS = "no_names_of_others"
    STATUS_ONLY = "status_only"
    WEIGHTY_INTEREST_STATED = "weighty_interest_stated"
    NECESSITY_STATED = "necessity_stated"
    TRACK_AND_ARRANGEMENTS_ONLY = "track_and_arrangements_only"
    PROGRESS_FOR_PLAN_ONLY = "progress_for_plan_only"
    MEASURE_TYPE_STATED = "measure_type_stated"
    OWN_OUTCOME_NAMED = "own_outcome_named"
    RESULT_AND_SAFETY_ONLY = "result_and_safety_only"
    NEUTRAL_WORDING = "neutral_wording"
    ADVICE_FOR_APPROACH = "advice_for_approach"
    SCREENING_VALUE_ONLY = "screening_value_only"
    TRUANCY_TO_ATTENDANCE_OFFICER = "truancy_to_attendance_officer"
    OBSERVATION_ONLY = "observation_only"
    OWN_HOUSING_DATA_ONLY = "own_housing_data_only"
    BALANCE_STATED = "balance_stated"
    FOR_AFTERCARE_ONLY = "for_aftercare_only"
    VICTIM_ROUTE_FIRST = "victim_route_first"
    ABOUT_VICTIM_ONLY = "about_victim_only"


# What binds a reader too; the rest tells a provider how to write.
FOR_READERS = frozenset(
    {
        Obligation.NO_ONWARD_WITHOUT_OWNER,
        Obligation.NO_ONWARD,
        Obligation.NOT_FOR_BENEFITS_SANCTIONS,
        Obligation.NOT_FOR_INVESTIGATION,
        Obligation.HIT_NO_HIT_ONLY,
        Obligation.FOR_AFTERCARE_ONLY,
    }
)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A legal basis (grondslag): alternatives, each of articles that hold together."""

    alternatives: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        """Write the basis in its notation."""
        return ANY.join(ALL.join(articles) for articles in self.alternatives)

    @property
    def codes(self) -> frozenset[str]:
        """Give every article it names."""
        return frozenset(code for articles in self.alternatives for code in articles)


class TwoSided(NamedTuple):
    """What holds for the provider and what for the recipient (R-05); empty where none is needed."""

    provider: str
    recipient: str

    def __str__(self) -> str:
        """Write both sides, provider first."""
        if not self.provider and not self.recipient:
            return ""
        return f"{self.provider or 'none'} -> {self.recipient or 'none'}"


NOBODY = TwoSided("", "")


def is_consent(code: str) -> bool:
    """Tell whether a code stands for consent or a release, which is never a basis (R-24)."""
    return code.upper() in _CONSENT


def parts_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Take a notation apart: alternatives, each of codes that hold together."""
    return tuple(
        tuple(code.strip() for code in part.split(ALL.strip())) for part in text.split(ANY.strip())
    )


def read_exception(text: str) -> str:
    """Read an AVG 9 or 10 exception in the notation of a basis; `OPEN` is none found yet.

    Raises ValueError for a word that is no exception.
    """
    alternatives = parts_of(text) if text else ()
    for codes in alternatives:
        for code in codes:
            if code not in EXCEPTIONS:
                message = f"'{code}' is no exception to AVG 9 or 10"
                raise ValueError(message)
    return ANY.join(ALL.join(codes) for codes in alternatives)


def read_basis(text: str) -> LegalBasis:
    """Read a basis in its notation.

    Each alternative starts with an AVG 6 basis, or the act in its place, and adds tasks. A consent
    code is read, so that R-24 can refuse it by name. Raises ValueError for any other word.
    """
    alternatives = parts_of(text)
    for articles in alternatives:
        first, *tasks = articles
        if first not in FIRST_ARTICLES and not is_consent(first):
            message = f"'{first}' is no legal basis"
            raise ValueError(message)
        for task in tasks:
            if task not in TASKS and not is_consent(task):
                message = f"'{task}' is no task or article of a legal basis"
                raise ValueError(message)
    return LegalBasis(alternatives)
