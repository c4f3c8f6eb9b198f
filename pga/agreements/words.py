"""Plain words for the codes of the domain, in the language of the page.

A name is a lazy text: it is put in words where it is shown. A code without a name is shown as it
is, so that a page never fails on one.
"""

from collections.abc import Iterable, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements.law_words import EXCEPTIONS, LAWS, WAYS_OUT
from pga.policy.codes import (
    Category,
    Code,
    Condition,
    NeutralWording,
    NonPurpose,
    Partner,
    Phase,
    Purpose,
    Track,
)
from pga.policy.laws import Obligation, parts_of
from pga.policy.messages import OBLIGED, Message
from pga.policy.rights import ReaderState, RightState
from pga.policy.sections import SectionState
from pga.web.i18n import said_once

Names = Mapping[str, LazyString]

PARTNERS: Names = {
    Partner.GPR: _("Process lead of the municipality"),
    Partner.GCR: _("Case manager of the municipality"),
    Partner.BUR: _("Mayor"),
    Partner.POL: _("Police"),
    Partner.OM: _("Public prosecution"),
    Partner.HLT: _("Halt"),
    Partner.REC: _("Probation service"),
    Partner.GI: _("Certified youth institution"),
    Partner.RVK: _("Child protection board"),
    Partner.VT: _("Safe home"),
    Partner.GGD: _("Public health service"),
    Partner.GGZ: _("Mental health care"),
    Partner.JHA: _("Youth care provider"),
    Partner.LPR: _("School attendance officer"),
    Partner.SCH: _("School"),
    Partner.JWK: _("Youth work"),
    Partner.MEE: _("Client support"),
    Partner.WOC: _("Housing corporation"),
    Partner.DJI: _("Custodial institution"),
    Partner.ZVH: _("Care and safety house"),
    Partner.SLH: _("Victim support"),
    Partner.DBT: _("Debt help"),
    Partner.CCT: _("Care coordinator for human trafficking"),
    Partner.BANK: _("Bank"),
}
_IDENTITY = _("Name and address")
_DISABILITY = _("Mild intellectual disability")
CATEGORIES: Names = {
    Category.D01: _IDENTITY,
    Category.D02: _("Citizen service number"),
    Category.D03: _("Family and custody"),
    Category.D04: _("Education"),
    Category.D05: _("Police records"),
    Category.D06: _("Criminal justice"),
    Category.D07: _("Health"),
    Category.D08: _DISABILITY,
    Category.D09: _("Help involved"),
    Category.D10: _("What the help is about"),
    Category.D11: _("Money and debts"),
    Category.D12: _("Housing"),
    Category.D13: _("Network"),
    Category.D14: _("Risks and strengths"),
    Category.D15: _("Plan and interventions"),
    Category.D16: _("Arrangements and actions"),
    Category.G01: _IDENTITY,
    Category.G02: _("Parents and custody"),
    Category.G03: _("What was reported"),
    Category.G04: _("Role of the young person"),
    Category.G05: _("First time or again"),
    Category.G06: _("School"),
    Category.G07: _("Debts"),
    Category.G08: _DISABILITY,
    Category.G09: _("Coercion or exploitation"),
    Category.G10: _("Bank transactions"),
    Category.G11: _("Measure by the bank"),
    Category.G12: _("Intervention and result"),
    Category.G13: _("Actions"),
    Category.SIGNAL: _("Signal"),
    Category.LOG: _("Log"),
    Category.CASE_NUMBER: _("Case number"),
}
TRACKS: Names = {
    Track.YOUTH: _("Person-centred approach for youth"),
    Track.MONEY_MULE: _("Money mules"),
}
PHASES: Names = {
    Phase.F0: _("Signal"),
    Phase.F1: _("Triage"),
    Phase.F2: _("Case meeting and plan"),
    Phase.F3: _("In progress"),
    Phase.F4: _("Scaling down and aftercare"),
    Phase.F5: _("Closed"),
}
PURPOSES: Names = {
    Purpose.HELP: _("Help and support for the young person and the family"),
    Purpose.ORDER: _("Public order and safety around the young person"),
    Purpose.PROTECTION: _("Protection of the young person"),
    Purpose.PREVENTION: _("No (further) misuse of the bank account"),
}
NON_PURPOSES: Names = {
    NonPurpose.INVESTIGATION: _("Criminal investigation"),
    NonPurpose.BENEFITS_SANCTION: _("Sanctions on benefits"),
    NonPurpose.AUTOMATED_SELECTION: _("Lists, scores and profiles"),
}
CONDITIONS: Names = {
    Condition.WEIGHING_NOTE: _("a weighing note"),
    Condition.NAMED_RECIPIENT: _("named as reader or action owner"),
    Condition.SECRECY_RELEASE: _("a release from professional secrecy"),
    Condition.DISCLOSURE_DECISION: _("a disclosure decision"),
    Condition.AFTERCARE_PARTNER: _("named as aftercare partner"),
    Condition.STEP_UP: _("confirm that it is you"),
}
OUTCOMES: Names = {
    Code.ALLOWED: _("Allowed"),
    Code.NO_RULE: _("Not in the agreement"),
    Code.FORBIDDEN: _("Forbidden"),
    Code.CONDITION_UNMET: _("A condition is not met"),
    Code.NOT_IN_FORCE: _("No agreement in force"),
    Code.NOT_A_PARTY: _("Has not signed"),
    Code.NOT_A_PARTICIPANT: _("No participant of this case"),
}
SECTIONS: Names = {
    SectionState.OPEN: _("open"),
    SectionState.CONDITIONAL: _("closed, unless"),
    SectionState.LATER: _("closed for now"),
    SectionState.OWN: _("own items only"),
    SectionState.NEVER: _("closed"),
    SectionState.CUT_BY_LAW: _("cut by law"),
    SectionState.BLOCKED: _("blocked"),
}
READERS: Names = {
    ReaderState.ALLOWED: _("can read this"),
    ReaderState.CONDITIONAL: _("can read this, if"),
    ReaderState.LATER: _("can read this later"),
    ReaderState.NEVER: _("cannot read this"),
    ReaderState.CUT_BY_LAW: _("cut by law"),
}
RIGHTS: Names = {
    RightState.YES: _("yes"),
    RightState.CONDITIONAL: _("yes, if"),
    RightState.HIT_ONLY: _("only known or not known"),
    RightState.OWN: _("own items only"),
    RightState.NO: _("no"),
}
AGREEMENT_STATES: Names = {
    "draft": _("Draft"),
    "legal_check": _("Legal check"),
    "dpia_done": _("DPIA done"),
    "signing": _("Being signed"),
    "active": _("In force"),
    "suspended": _("Suspended"),
    "expired": _("Expired"),
    "terminated": _("Terminated"),
    "superseded": _("Replaced"),
}
NEUTRAL_WORDINGS: Names = {
    NeutralWording.APPOINTMENT_MADE: _("An appointment was made."),
    NeutralWording.CONVERSATION_HELD: _("There was a conversation."),
    NeutralWording.CONVERSATION_MISSED: _("A conversation did not take place."),
    NeutralWording.CONTACT_CONTINUES: _("Contact continues."),
    NeutralWording.CONTACT_ENDED: _("Contact has ended."),
    NeutralWording.STEP_STARTED: _("The agreed step has started."),
    NeutralWording.STEP_DONE: _("The agreed step is done."),
    NeutralWording.STEP_DELAYED: _("The agreed step takes longer."),
    NeutralWording.ASKS_CONTACT: _("Please contact the case manager."),
}


@said_once
def partner(code: str) -> str:
    """Name a partner."""
    return _name(PARTNERS, code)


@said_once
def category(code: str) -> str:
    """Name a category in a short plain word."""
    return _name(CATEGORIES, code)


@said_once
def track(code: str) -> str:
    """Name a track."""
    return _name(TRACKS, code)


@said_once
def phase(code: str) -> str:
    """Name a phase."""
    return _name(PHASES, code)


@said_once
def purpose(code: str) -> str:
    """Name a purpose."""
    return _name(PURPOSES, code)


@said_once
def condition(code: str) -> str:
    """Name a condition, to stand inside a sentence."""
    return _name(CONDITIONS, code)


@said_once
def outcome(code: str) -> str:
    """Name the outcome of a decision."""
    return _name(OUTCOMES, code)


@said_once
def agreement_state(code: str) -> str:
    """Name the state of a version of an agreement."""
    return _name(AGREEMENT_STATES, code)


def obligation(code: str) -> str:
    """Say an obligation as a sentence."""
    return str(gettext(OBLIGED[Obligation(code)].id)) if code in OBLIGED else code


@said_once
def way_out(code: str) -> str:
    """Name a way out of professional secrecy."""
    return _name(WAYS_OUT, code)


@said_once
def basis(text: str) -> str:
    """Put a legal basis in words: articles that hold together, alternatives with "or" between."""
    return _notation(LAWS, text)


@said_once
def exception(text: str) -> str:
    """Put an exception to AVG 9 or 10 in words."""
    return _notation(EXCEPTIONS, text)


@said_once
def sentence(message: Message) -> str:
    """Say one sentence of an explanation, its codes in plain words."""
    said = {
        "basis": basis,
        "exception": exception,
        "secrecy": way_out,
    }
    values = {name: said.get(name, str)(value) for name, value in message.values}
    return str(gettext(message.id, **values))


def sentences(messages: Iterable[Message]) -> list[str]:
    """Say the sentences of an explanation, in their order."""
    return list(_sentences(tuple(messages)))


@said_once
def _sentences(messages: tuple[Message, ...]) -> tuple[str, ...]:
    """Say them once for each language."""
    return tuple(sentence(message) for message in messages)


def _name(names: Names, code: str) -> str:
    """Give the name of a code, or the code."""
    return str(names.get(code, code))


def _notation(names: Names, text: str) -> str:
    """Put every code of a notation in words."""
    alternatives = (
        " + ".join(_name(names, code) for code in together) for together in parts_of(text) if text
    )
    return f" {gettext('or')} ".join(alternatives)
