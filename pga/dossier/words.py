"""Plain words for what the case file shows, in the language of the page."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words as codes
from pga.agreements.municipalities import name_of
from pga.cases.models import InformDelay
from pga.cases.rules import CaseState, InformClock, Need, ParticipantTask
from pga.dossier.casefile import no_onward, not_for_investigation
from pga.dossier.rules import FactType, Intervention, ItemKind, StepReason
from pga.policy.codes import NeutralWording
from pga.policy.decision import Decision
from pga.policy.messages import Message
from pga.sharing.rules import ReleaseFact
from pga.sharing.service.disclose import OpenItem
from pga.web.filters import day
from pga.web.i18n import said_once

INFORM_WITHIN = 30
NEUTRAL = frozenset(NeutralWording)

STATES: dict[str, LazyString] = {
    CaseState.SIGNAL: _("Signal"),
    CaseState.ADMISSIBLE: _("Admitted"),
    CaseState.TRIAGE: _("Triage"),
    CaseState.REJECTED: _("Rejected"),
    CaseState.REDIRECTED: _("Redirected"),
    CaseState.DECIDED: _("Decided: person-centred approach"),
    CaseState.INFORMING: _("Informing"),
    CaseState.MEETING: _("Case meeting"),
    CaseState.PLAN_DRAFT: _("Plan in draft"),
    CaseState.IN_PROGRESS: _("In progress"),
    CaseState.SUSPENDED: _("Suspended"),
    CaseState.SCALED_UP: _("Scaled up"),
    CaseState.TRANSFERRED: _("Transferred"),
    CaseState.SCALED_DOWN: _("Scaled down"),
    CaseState.AFTERCARE: _("Aftercare"),
    CaseState.CLOSED: _("Closed"),
}
STEPS: dict[str, LazyString] = {
    CaseState.ADMISSIBLE: _("Admit the signal"),
    CaseState.TRIAGE: _("Start triage"),
    CaseState.REJECTED: _("Reject"),
    CaseState.REDIRECTED: _("Redirect to another table"),
    CaseState.DECIDED: _("Decide for the person-centred approach"),
    CaseState.INFORMING: _("Start informing"),
    CaseState.MEETING: _("Go to the case meeting"),
    CaseState.PLAN_DRAFT: _("Start the plan"),
    CaseState.IN_PROGRESS: _("Start carrying out the plan"),
    CaseState.SUSPENDED: _("Suspend"),
    CaseState.SCALED_DOWN: _("Scale down"),
    CaseState.AFTERCARE: _("Start aftercare"),
    CaseState.CLOSED: _("Close the case"),
}
NEEDS: dict[str, LazyString] = {
    Need.REQUIRED_FIELDS: _("the signal is complete"),
    Need.AGE: _("the young person is 12 to 23 years old"),
    Need.NO_DUPLICATE: _("there is no other case"),
    Need.REASON: _("a reason"),
    Need.WEIGHING_NOTE: _("a weighing note over the case"),
    Need.SECOND_PERSON: _("a second person approved the weighing note"),
    Need.INFORMED: _("the young person is informed, or a delay is recorded"),
    Need.CASE_MANAGER: _("a case manager is named"),
    Need.ACTIONS_COMPLETE: _("a goal, and every action with an owner and a day"),
    Need.VIEW_OF_YOUTH: _("the view of the young person"),
    Need.AGREEMENT_IN_FORCE: _("an agreement in force"),
    Need.AFTERCARE_PARTNER: _("a partner who keeps contact, and until when"),
}
TASKS: dict[str, LazyString] = {
    ParticipantTask.SUBMITTER: _("sent the signal"),
    ParticipantTask.PROCESS: _("leads the process"),
    ParticipantTask.CASE_MANAGEMENT: _("manages the case"),
    ParticipantTask.CONTRIBUTION: _("contributes"),
    ParticipantTask.EXECUTION: _("carries out actions"),
    ParticipantTask.ADVICE: _("advises"),
    ParticipantTask.AFTERCARE: _("gives aftercare"),
}
KINDS: dict[str, LazyString] = {
    ItemKind.SIGNAL: _("Signal"),
    ItemKind.IDENTITY: _("Identity"),
    ItemKind.BSN: _("Citizen service number"),
    ItemKind.FAMILY: _("Family"),
    ItemKind.CONTRIBUTION: _("Contribution"),
    ItemKind.INTERVENTION: _("Intervention"),
    ItemKind.GOAL: _("Goal"),
    ItemKind.YOUTH_VIEW: _("View of the young person"),
    ItemKind.ACTION: _("Action"),
    ItemKind.DECISION: _("Decision"),
}
STATUSES: dict[str, LazyString] = {
    "withdrawn": _("Withdrawn; only your organisation still sees this"),
    "wrong_case": _("Put down as of the wrong case; closed to everybody else"),
}
FACT_TYPES: dict[str, LazyString] = {
    FactType.FACT: _("fact"),
    FactType.OBSERVATION: _("observation"),
    FactType.JUDGEMENT: _("judgement"),
}
INTERVENTIONS: dict[str, LazyString] = {
    Intervention.HOME_VISIT: _("Home visit"),
    Intervention.TALK: _("Talk with the young person"),
    Intervention.TALK_WITH_PARENTS: _("Talk with the parents"),
    Intervention.PHONE_CALL: _("Phone call"),
    Intervention.SCHOOL_TALK: _("Talk at school"),
    Intervention.YOUTH_WORK: _("Contact with youth work"),
    Intervention.HALT: _("Halt track"),
    Intervention.WORK_OR_INTERNSHIP: _("Work or internship arranged"),
    Intervention.DEBT_HELP: _("Help with debts"),
    Intervention.LVB_SUPPORT: _("Support for a mild intellectual disability"),
    Intervention.INFO_LETTER_PARENTS: _("Letter to the parents"),
    Intervention.LETTER_MAYOR_POLICE: _("Letter of mayor and police"),
    Intervention.VISIT_WIJKAGENT_MUNICIPALITY: _("Visit by community officer and municipality"),
    Intervention.STOP_TALK: _("Stop talk"),
    Intervention.EXPLOITATION_ROUTE: _("Route for victims of exploitation"),
}
REASONS: dict[str, LazyString] = {
    StepReason.OUTSIDE_TARGET_GROUP: _("Outside the target group"),
    StepReason.ONE_PARTNER_IS_ENOUGH: _("One partner is enough"),
    StepReason.OTHER_TABLE: _("Belongs to another table"),
    StepReason.GOALS_REACHED: _("Goals reached"),
    StepReason.NO_LONGER_NEEDED: _("No longer needed"),
    StepReason.MOVED: _("Moved"),
    StepReason.INVESTIGATION: _("A criminal investigation is running"),
    StepReason.DETENTION: _("In detention"),
    StepReason.ABROAD: _("Abroad"),
    StepReason.AGREEMENT_ENDED: _("The agreement ended"),
    StepReason.AFTERCARE_ENDED: _("The aftercare ended"),
}
DELAYS: dict[str, LazyString] = {
    InformDelay.SAFETY: _("Safety of somebody"),
    InformDelay.INVESTIGATION: _("A criminal investigation is running"),
    InformDelay.RIGHTS_OF_OTHERS: _("Rights of others"),
}


def _named(names: dict[str, LazyString], code: str) -> str:
    """Give the words of a code, or the code itself."""
    return str(names.get(code, code))


def category(code: str) -> str:
    """Name a category."""
    return codes.category(code)


def phase(code: str) -> str:
    """Name a phase."""
    return codes.phase(code)


def partner(code: str) -> str:
    """Name a kind of partner."""
    return codes.partner(code)


def purpose(code: str) -> str:
    """Name a purpose."""
    return codes.purpose(code)


def municipality(code: str) -> str:
    """Name a municipality."""
    return name_of(code)


def neutral(code: str) -> str:
    """Say a fixed wording of a provider bound by secrecy."""
    return _named(dict(codes.NEUTRAL_WORDINGS), code)


def neutral_choices() -> list[tuple[str, str]]:
    """List the fixed wordings of a provider bound by secrecy, to choose from (G3, R-29)."""
    return [(wording, neutral(wording)) for wording in NeutralWording]


def track(code: str) -> str:
    """Name a track."""
    return codes.track(code)


@said_once
def state(code: str) -> str:
    """Name a state of a case."""
    return _named(STATES, code)


@said_once
def step(code: str) -> str:
    """Name the step to a state, as a button says it."""
    return _named(STEPS, code)


@said_once
def need(code: str) -> str:
    """Name what a step needs."""
    return _named(NEEDS, code)


@said_once
def task(code: str) -> str:
    """Name the task of a participant."""
    return _named(TASKS, code)


@said_once
def kind(code: str) -> str:
    """Name the kind of an item."""
    return _named(KINDS, code)


@said_once
def status(code: str) -> str:
    """Say that an own item is closed to others."""
    return _named(STATUSES, code)


@said_once
def fact_type(code: str) -> str:
    """Name how sure a statement is."""
    return _named(FACT_TYPES, code)


def explained(messages: Iterable[Message]) -> list[str]:
    """Say an explanation in sentences."""
    return codes.sentences(messages)


def reasons(messages: Iterable[Message]) -> tuple[str, ...]:
    """Say an explanation in sentences that can be kept, as `written_once` asks."""
    return tuple(codes.sentences(messages))


def title(item: OpenItem) -> str:
    """Give the title of an item; a neutral wording or a library choice in words."""
    written = str(item.content.get("title", ""))
    if written in NEUTRAL:
        return str(codes.NEUTRAL_WORDINGS.get(written, written))
    if written in INTERVENTIONS:
        return str(INTERVENTIONS[written])
    return written or kind(item.row.kind)


PARTICULARS: tuple[tuple[str, LazyString], ...] = (
    ("first_name", _("First name")),
    ("prefix", _("Prefix")),
    ("surname", _("Surname")),
    ("born_on", _("Birth date")),
    ("address", _("Street and number")),
    ("postcode", _("Postcode")),
    ("city", _("City")),
    ("reason", _("What is going on?")),
    ("goal", _("What do you want to reach together?")),
    ("tried", _("What did your own organisation already try?")),
    ("known_partners", _("Which organisations are involved, as far as you may say?")),
    ("why_not_informed", _("If not: why not yet?")),
)


def particulars(item: OpenItem) -> list[tuple[str, str]]:
    """List the fields of a signal or identity with their names."""
    return [(str(label), str(item.content.get(name, ""))) for name, label in PARTICULARS]


def happened(item: OpenItem) -> date:
    """Tell on which day something happened, else when it was written."""
    written = str(item.content.get("happened_on", ""))
    try:
        return date.fromisoformat(written)
    except ValueError:
        return item.row.created_at


def informed(clock: InformClock) -> str:
    """Say how the informing of the youth stands (R-30)."""
    if clock.informed_on is not None:
        return str(gettext("yes, %(day)s", day=day(clock.informed_on)))
    if clock.delay_until is not None and not clock.is_blocking:
        return str(gettext("no, delayed until %(day)s", day=day(clock.delay_until)))
    return str(gettext("no, day %(day)s of %(of)s", day=clock.day, of=INFORM_WITHIN))


def release(fact: ReleaseFact) -> str:
    """Say under which release an item is consulted, and until when (R-23)."""
    return str(
        gettext(
            "You consult this with the consent of the young person, until %(day)s.",
            day=day(fact.ends_on),
        )
    )


def basis(decision: Decision) -> str:
    """Say the legal basis of an exchange, provider's and recipient's side (R-05)."""
    provider = codes.basis(decision.legal_basis.provider)
    recipient = codes.basis(decision.legal_basis.recipient)
    if not provider and not recipient:
        return ""
    return str(
        gettext(
            "Basis: %(provider)s; reader: %(recipient)s", provider=provider, recipient=recipient
        )
    )


def basis_of_reader(decision: Decision) -> str:
    """Say the basis on which the viewer reads; the explanation names both sides (R-05)."""
    return _basis_of_reader(str(decision.legal_basis.recipient))


@said_once
def _basis_of_reader(text: str) -> str:
    """Say it once for each language."""
    recipient = codes.basis(text)
    return str(gettext("Basis for you as reader: %(basis)s", basis=recipient)) if recipient else ""


def clause(decision: Decision) -> str:
    """Name the clause of the agreement that a decision rests on."""
    return _clause(decision.clause)


@said_once
def _clause(named: str) -> str:
    """Name it once for each language."""
    return str(gettext("Clause %(clause)s", clause=named)) if named else ""


def binding(item: OpenItem, reader: str) -> tuple[bool, bool]:
    """Tell what binds the reader: not passing on (R-14); police, not for investigation (R-08)."""
    return no_onward(item), reader in {"POL", "OM"} and not_for_investigation(item)


def timeline_choices(*, has_new: bool = False) -> list[tuple[str, str]]:
    """List what the timeline can be narrowed to; to what is new only when something is."""
    return [
        ("", gettext("Everything")),
        *([("new", gettext("New"))] if has_new else []),
        ("interventions", gettext("Interventions")),
        ("decisions", gettext("Decisions")),
        ("contributions", gettext("Contributions")),
    ]
