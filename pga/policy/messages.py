"""What the engine can say: message ids that are English sentences, with codes as values.

What a code is called in plain words, and in which language, is for the room that shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pga.policy.codes import Block, Condition, PolicyAction
from pga.policy.laws import Obligation


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to show: its English id and the codes to fill in, by name."""

    id: str
    values: tuple[tuple[str, str], ...] = ()


class Why(StrEnum):
    """What a verdict rests on, apart from conditions (reden)."""

    CELLS = "cells"
    INTAKE = "intake"
    AFTERCARE = "aftercare"
    PURPOSE = "purpose"
    INTAKE_ONLY = "intake_only"
    INTAKE_ENDED = "intake_ended"
    CASE_CLOSED = "case_closed"
    AFTERCARE_ONLY = "aftercare_only"
    NO_CATEGORY = "no_category"
    PROVIDER_NEVER = "provider_never"
    PROVIDER_LATER = "provider_later"
    CONSUMER_NEVER = "consumer_never"
    CONSUMER_OWN = "consumer_own"
    CONSUMER_LATER = "consumer_later"
    CUT = "cut"


TO_BE_CHECKED = Message("legally to be checked")
ASK_CASE_MANAGER = Message("The case manager can help you further.")

REASONS = MappingProxyType(
    {
        Why.PURPOSE: Message("This purpose is not in the agreement."),
        Why.INTAKE_ONLY: Message(
            "In the signal phase only the signal is shared, between the one who sent it and the "
            "process lead."
        ),
        Why.INTAKE_ENDED: Message(
            "The signal phase is over. The signal stays with the one who sent it."
        ),
        Why.CASE_CLOSED: Message("The case is closed, so nothing is exchanged any more."),
        Why.AFTERCARE_ONLY: Message(
            "In aftercare this is no longer shared. The aftercare partner sees identity, plan and "
            "actions."
        ),
        Why.NO_CATEGORY: Message("The agreement has no such category."),
        Why.PROVIDER_NEVER: Message("The agreement lets the provider share nothing here."),
        Why.PROVIDER_LATER: Message(
            "The agreement lets the provider share this from the case meeting on."
        ),
        Why.CONSUMER_NEVER: Message("The agreement keeps this closed for the recipient."),
        Why.CONSUMER_OWN: Message(
            "The agreement lets this organisation see only what it brought itself."
        ),
        Why.CONSUMER_LATER: Message("The agreement opens this from the case meeting on."),
    }
)
# Where the cell of a partner decides, so that its clause can be named.
FROM_CLAUSE = frozenset(
    {
        *(Why.PROVIDER_NEVER, Why.PROVIDER_LATER),
        *(Why.CONSUMER_NEVER, Why.CONSUMER_OWN, Why.CONSUMER_LATER),
    }
)
BLOCKED = MappingProxyType(
    {
        Block.RADICALISATION: Message(
            "Radicalisation is not handled at this table. Refer to the radicalisation contact."
        ),
        Block.RESTRICTED: Message(
            "Use is restricted until the objection of the young person has been decided."
        ),
        Block.REVIEW_OVERDUE: Message("The review is overdue, so nothing can be added."),
        Block.INFORMING_OVERDUE: Message(
            "The young person has not been informed within 30 days, so nothing can be added."
        ),
    }
)
UNMET = MappingProxyType(
    {
        Condition.WEIGHING_NOTE: Message("Needed first: a weighing note that covers this."),
        Condition.NAMED_RECIPIENT: Message(
            "Needed first: to be named as reader or action owner of this item."
        ),
        Condition.SECRECY_RELEASE: Message(
            "Needed first: a release from professional secrecy that covers this."
        ),
        Condition.DISCLOSURE_DECISION: Message(
            "Needed first: a disclosure decision that names this category and this recipient."
        ),
        Condition.AFTERCARE_PARTNER: Message("Needed first: to be the named aftercare partner."),
        Condition.STEP_UP: Message("Needed first: to confirm once more that it is you."),
    }
)
MET = MappingProxyType(
    {
        Condition.WEIGHING_NOTE: Message("A weighing note covers this."),
        Condition.NAMED_RECIPIENT: Message("Named as reader or action owner of this item."),
        Condition.SECRECY_RELEASE: Message("A release from professional secrecy covers this."),
        Condition.DISCLOSURE_DECISION: Message("A disclosure decision covers this."),
        Condition.AFTERCARE_PARTNER: Message("Named as aftercare partner."),
        Condition.STEP_UP: Message("Confirmed once more that it is you."),
    }
)
OBLIGED = MappingProxyType(
    {
        Obligation.NO_ONWARD_WITHOUT_OWNER: Message("Do not pass this on unless the owner agrees."),
        Obligation.NO_ONWARD: Message("Do not pass this on."),
        Obligation.NOT_FOR_BENEFITS_SANCTIONS: Message("Not for sanctions on benefits."),
        Obligation.NOT_FOR_INVESTIGATION: Message("Not for criminal investigation."),
        Obligation.HIT_NO_HIT_ONLY: Message(
            "Only whether the young person is known, and a contact."
        ),
        Obligation.FACTS_ONLY: Message("Write facts only."),
        Obligation.PROCESS_DATA_ONLY: Message("Write process data only."),
        Obligation.FACTS_AND_JUDGEMENT_APART: Message("Keep facts and judgement apart."),
        Obligation.SUMMARY_ONLY: Message("Give a short summary, no reports."),
        Obligation.NO_NAMES_OF_OTHERS: Message("No names of other people."),
        Obligation.STATUS_ONLY: Message("Give the status only."),
        Obligation.WEIGHTY_INTEREST_STATED: Message("State the weighty public interest."),
        Obligation.NECESSITY_STATED: Message("State why this is necessary."),
        Obligation.TRACK_AND_ARRANGEMENTS_ONLY: Message(
            "Only that there is a Halt track, and what was arranged."
        ),
        Obligation.PROGRESS_FOR_PLAN_ONLY: Message(
            "Only conditions and progress that the plan needs."
        ),
        Obligation.MEASURE_TYPE_STATED: Message("State the kind of measure."),
        Obligation.OWN_OUTCOME_NAMED: Message("Name your own decision to close or hand over."),
        Obligation.RESULT_AND_SAFETY_ONLY: Message("Only the result and safety arrangements."),
        Obligation.NEUTRAL_WORDING: Message("Use a neutral wording from the list."),
        Obligation.ADVICE_FOR_APPROACH: Message("Give advice on how to approach, no diagnosis."),
        Obligation.SCREENING_VALUE_ONLY: Message(
            "Only: none recorded, suspicion or confirmed, with source and date; never a score."
        ),
        Obligation.TRUANCY_TO_ATTENDANCE_OFFICER: Message(
            "Report truancy to the school attendance officer."
        ),
        Obligation.OBSERVATION_ONLY: Message("Write what you saw, no judgement."),
        Obligation.OWN_HOUSING_DATA_ONLY: Message("Only your own housing data."),
        Obligation.BALANCE_STATED: Message("Write down how you balanced the interests."),
        Obligation.FOR_AFTERCARE_ONLY: Message("For aftercare only."),
        Obligation.VICTIM_ROUTE_FIRST: Message("The route for victims comes first."),
        Obligation.ABOUT_VICTIM_ONLY: Message("About the victim only."),
    }
)
SECTION = MappingProxyType(
    {
        "open": Message("Open for you: you can read what others bring here."),
        "conditional": Message("Closed for you, unless something is arranged first."),
        "own": Message("Here you see only what your own organisation brought."),
        "never": Message("The agreement keeps this closed for your organisation."),
        "cut_by_law": Message("Cut by law: nobody may let you read this."),
    }
)
SOMETIMES = MappingProxyType(
    {
        Condition.WEIGHING_NOTE: Message("For part of it: a weighing note that covers it."),
        Condition.NAMED_RECIPIENT: Message(
            "For part of it: to be named as reader or action owner of the item."
        ),
        Condition.SECRECY_RELEASE: Message(
            "For part of it: a release from professional secrecy that covers it."
        ),
        Condition.DISCLOSURE_DECISION: Message(
            "For part of it: a disclosure decision that names this category and your organisation."
        ),
    }
)
OPENS_AT_TRIAGE = Message("Closed for now. It opens at triage.")
OPENS_AT_MEETING = Message("Closed for now. It opens at the case meeting.")
PARTLY_CUT = Message("Cut by law: what police and prosecution bring here stays closed for you.")

OWN_ITEM = Message("This is your own item. You may always read, correct, withdraw and export it.")
NOT_IN_FORCE = Message("No agreement is in force, so nothing is exchanged.")
OWN_ITEMS_STAY = Message("Everyone can still read, correct, withdraw and export their own items.")
NOT_A_PARTY = Message("One of the organisations has not signed this agreement.")
NOT_A_PARTICIPANT = Message("This is not a named participant of the case.")
OVERSIGHT = Message("Oversight: the log, case numbers and one identity at a time; never content.")
NO_OVERSIGHT = Message("Oversight never opens content.")


def allowed_by(clause: str, action: PolicyAction) -> Message:
    """Say which clause allows an exchange."""
    values = (("clause", clause),)
    if action is PolicyAction.PROVIDE:
        return Message("Clause %(clause)s allows sharing this.", values)
    return Message("Clause %(clause)s allows reading this.", values)


def asked_by(clause: str, action: PolicyAction) -> Message:
    """Say which clause would allow it, were its conditions met."""
    values = (("clause", clause),)
    if action is PolicyAction.PROVIDE:
        return Message("Clause %(clause)s allows sharing this only under conditions.", values)
    return Message("Clause %(clause)s allows reading this only under conditions.", values)


def closed_by(clause: str) -> Message:
    """Say which clause keeps it closed."""
    return Message("This stands in clause %(clause)s.", (("clause", clause),))


def cut_by(article: str) -> Message:
    """Say which articles of law cut it."""
    return Message("By law: %(article)s.", (("article", article),))


def of_edition(edition: str) -> Message:
    """Say in which edition of the limits this stands."""
    return Message("This is a limit in edition %(edition)s.", (("edition", edition),))


def grounds(basis: tuple[str, str], exception: tuple[str, str], secrecy: str) -> list[Message]:
    """Say on which grounds both sides act (R-05); a release is named apart from the basis."""
    found = []
    if basis[0]:
        found.append(Message("Legal basis of the provider: %(basis)s.", (("basis", basis[0]),)))
    if basis[1]:
        found.append(Message("Legal basis of the recipient: %(basis)s.", (("basis", basis[1]),)))
    for code in dict.fromkeys(code for code in exception if code):
        value = (("exception", code),)
        found.append(Message("Exception for special or criminal data: %(exception)s.", value))
    if secrecy:
        value = (("secrecy", secrecy),)
        found.append(Message("Way out of professional secrecy: %(secrecy)s.", value))
    return found


def obliged(obligations: Iterable[Obligation]) -> list[Message]:
    """Say what the one who acts must keep to."""
    return [OBLIGED[obligation] for obligation in obligations]
