"""Plain words for what the log says, in the language of the page."""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import itemgetter

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from audit.entries import Action, Entry, Kind, Line, Outcome
from config.errors import IntegrityFaultError
from pga.agreements import words as codes
from pga.dossier.rules import NOTE_CATEGORY
from pga.oversight.rules import NO_RULE, OFFICER_ROLES, LookReason, Show, flow_of
from pga.oversight.service.refusals import Counted
from pga.oversight.service.rows import Row
from pga.oversight.service.veiling import is_without_owner
from pga.policy import messages
from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import current
from pga.policy.codes import CATEGORIES, Block, Code, PolicyAction, Purpose
from pga.policy.messages import Message, Why
from pga.records.service.drafts import OWN_DRAFT

Words = Mapping[str, LazyString]

ROLES: Words = {
    "professional": _("Professional"),
    "case_manager": _("Case manager"),
    "process_lead": _("Process lead"),
    "privacy_officer": _("Privacy officer"),
    "dpo": _("Data protection officer"),
    "org_admin": _("Administrator"),
    "lawyer": _("Lawyer"),
    "signatory": _("Signatory"),
    "regional_adviser": _("Regional adviser"),
    "operator": _("Who runs the installation"),
    **dict.fromkeys(("installation", "worker", "system"), _("The program itself")),
}
# Functions for an organisation as a whole, whatever partner it is.
FOR_THE_ORGANISATION = OFFICER_ROLES | {"org_admin"}
REASONS: Words = {
    LookReason.ROUTINE: _("Regular check"),
    LookReason.REQUEST: _("Request of the young person or the parents"),
    LookReason.COMPLAINT: _("Complaint"),
    LookReason.INCIDENT: _("Possible data breach"),
}
SHOWN: Words = {
    Show.EVERYTHING: _("Everything"),
    Show.OPENED: _("Opened"),
    Show.LISTED: _("Seen in a list"),
    Show.REFUSED: _("Refused"),
    Show.WRITTEN: _("Written"),
    Show.OVERSIGHT: _("Oversight"),
    Show.EMERGENCY: _("Emergencies"),
}
READS: Words = {
    Kind.LISTED: _("Seen in a list"),
    Kind.OPENED: _("Opened"),
    Kind.PRINTED: _("Printed"),
    Kind.SEARCHED: _("Searched"),
    Kind.EXPORTED: _("Exported"),
}
ACTS: Words = {
    Action.OVERSEE: _("Looked up the name, for oversight"),
    Action.LOG_VIEW: _("Looked into the log"),
    Action.BREAK_GLASS: _("Opened in an emergency"),
    Action.HIT_NOHIT: _("Asked whether the young person is known"),
    Action.CREATE: _("Started something new"),
    Action.UPDATE: _("Changed something"),
    Action.PROVIDE: _("Contributed"),
    Action.TRANSITION: _("Took a step in the process"),
    Action.ROLE_CHANGE: _("Changed who takes part"),
    Action.CONSENT_SET: _("Recorded consent"),
    Action.CONSENT_WITHDRAW: _("Withdrew consent"),
    Action.RELEASE: _("Changed a release"),
    Action.RIGHTS_REQ: _("Handled a request of the young person"),
    Action.RETENTION_BLOCK: _("Blocked destruction"),
    Action.DESTROY: _("Destroyed data"),
    Action.RESTORED: _("Put back from a backup"),
    Action.OUTCOME: _("Opening failed, nothing was shown"),
}
KEEPING = frozenset({Action.RETENTION_BLOCK, Action.DESTROY})
STEPS: Words = {
    "hold placed": _("Placed a legal hold"),
    "hold lifted": _("Lifted a legal hold"),
    "proposed": _("Proposed a destruction"),
    "first approval": _("Approved a destruction as the first"),
    "second approval": _("Approved a destruction as the second"),
    "withdrawn": _("Withdrew a proposed destruction"),
    "shredded": _("Destroyed data"),
}
INTEGRITY = IntegrityFaultError.code
NOT_SHOWN = _("Not shown, because the case does not match the log")
PARTLY_SHOWN = _("Shown but for an item that is not as it was written")
COPIES: Words = {
    Kind.PRINTED: _("Printed from the log"),
    Kind.EXPORTED: _("Exported from the log"),
}
OUTCOMES: Words = {
    Outcome.PERMIT: _("allowed"),
    Outcome.DENY: _("refused"),
    Outcome.MIXED: _("partly allowed"),
    Outcome.NA: _("no decision needed"),
}
RECORD_FAULTS: Words = {
    "log": _("its version is not the newest one in the log"),
    "manifest": _("the list of what it holds was changed"),
    "rows": _("something it holds was added, taken away or put in the place of another"),
    "item": _("an item was changed; it stays closed, and the rest of the case is whole"),
    "skeleton": _("who takes part, a release or the version it is under was changed"),
    "seal": _("a key does not open"),
    "keys": _("keys are missing"),
    "agreement": _(
        "The text of an agreement in force is not what was entered in the log. Call who leads the "
        "process there."
    ),
    "limits": _("The edition of the statutory limits in force is not what two people approved."),
    "role": _("Somebody has a role that nobody gave. Call who manages the accounts."),
    "decision": _(
        "A decision for all cases of a municipality is not what was entered in the log. Call the "
        "organisation that provides on it."
    ),
}
EXPLANATIONS: Words = {
    "action": _("an open action"),
    "meeting": _("a meeting"),
    "task": _("a waiting task"),
    "release": _("a release"),
}
# What is no category of the agreement, but owned by one organisation alone.
OWN_CATEGORIES: Words = {NOTE_CATEGORY: _("Own notes")}
BY_RULE: Mapping[str, Message] = {
    "OWNER": Message("Brought by the same organisation, which may always read it."),
    "OVERSIGHT": messages.OVERSIGHT,
    OWN_DRAFT: Message("Own draft: only who wrote it can open it."),
    "R-28": Message("Only who brought it may change it."),
    "R-06": messages.BLOCKED[Block.RADICALISATION],
    "R-30": messages.BLOCKED[Block.INFORMING_OVERDUE],
    "R-33": messages.BLOCKED[Block.RESTRICTED],
    "R-34": messages.BLOCKED[Block.REVIEW_OVERDUE],
    "R-02": messages.REASONS[Why.PURPOSE],
}
BY_CODE: Mapping[str, Message] = {
    Code.NOT_IN_FORCE: messages.NOT_IN_FORCE,
    Code.NOT_A_PARTY: messages.NOT_A_PARTY,
    Code.NOT_A_PARTICIPANT: messages.NOT_A_PARTICIPANT,
    Code.NO_RULE: Message("The agreement does not allow this."),
    Code.FORBIDDEN: Message("By law this stays closed."),
    Code.CONDITION_UNMET: Message("A condition of the agreement was not met."),
}


def role(code: str) -> str:
    """Name a function."""
    return _named(ROLES, code)


def function(role_code: str, partner: str) -> str:
    """Say as what somebody acted: the function, and for which kind of partner where that adds."""
    as_what = role(role_code) if role_code else ""
    for_whom = codes.partner(partner) if partner else ""
    if not for_whom or role_code in FOR_THE_ORGANISATION:
        return as_what
    return for_whom if for_whom.startswith(as_what) else f"{as_what}, {for_whom}"


def act(entry: Entry) -> str:
    """Say in a few words what was done."""
    if entry.action is Action.CONSULT and entry.kind is not None:
        return _named(READS, entry.kind)
    if entry.action is Action.OUTCOME and entry.reason.startswith(INTEGRITY):
        return str(PARTLY_SHOWN if entry.closed_items else NOT_SHOWN)
    step = str(entry.facts.get("step", ""))
    if entry.action in KEEPING and step in STEPS:
        return str(STEPS[step])
    if entry.action is Action.LOG_VIEW and entry.kind is not None and entry.kind in COPIES:
        return _named(COPIES, entry.kind)
    return _named(ACTS, entry.action)


def standing(entry: Entry) -> str:
    """Tell the shape of an outcome: open, closed, or none where nothing was decided."""
    return {Outcome.PERMIT: "open", Outcome.DENY: "closed", Outcome.MIXED: "open"}.get(
        entry.decided, ""
    )


def outcome(entry: Entry) -> str:
    """Say whether an act was allowed."""
    return _named(OUTCOMES, entry.decided)


def seen(entries: Iterable[Entry]) -> str:
    """Name the parts that were opened or written, in plain words."""
    return _categories(
        line for entry in entries for line in entry.lines if line.is_allowed and line.items
    )


def kept_closed(entries: Iterable[Entry]) -> str:
    """Name the parts that were refused, in plain words."""
    return _categories(line for entry in entries for line in entry.lines if not line.is_allowed)


def why(row: Row) -> list[str | tuple[str, str]]:
    """Say why a row was allowed or refused: the parts, the reason, what was asked, the clauses."""
    return _told(row, lambda _: True)


def why_refused(row: Row, by: str | None = None) -> list[str | tuple[str, str]]:
    """Say why parts of a row were refused, by every rule or by one."""
    return _told(row, lambda line: not line.is_allowed and by in {None, line.rule})


def _told(row: Row, counts: Callable[[Line], bool]) -> list[str | tuple[str, str]]:
    """Put lines that share a reason together, in the order of the first."""
    told: dict[tuple[str, str], list[Line]] = {}
    for entry in row.entries:
        if not entry.lines and entry.decided is Outcome.DENY:
            told.setdefault((no_seat(), ""), [])
        for line in filter(counts, entry.lines):
            asked = asks(row.asked(entry, line))
            because = reason(line, entry.action, row.limits_of(entry))
            told.setdefault((because, asked), []).append(line)
    return [
        (about, text) if (about := _categories(lines)) else text
        for (because, asked), lines in told.items()
        for text in [" ".join(part for part in (because, asked, _clauses(lines)) if part)]
    ]


def reason(line: Line, action: Action = Action.CONSULT, limits: Catalogue | None = None) -> str:
    """Say in one sentence why a line was allowed or refused, by a limit in the words of `limits`.

    Without an edition of the limits, in those of the edition of the program.
    """
    if line.rule in BY_RULE:
        return codes.sentence(BY_RULE[line.rule])
    check = (limits or current()).by_code.get(line.rule)
    if check is not None and line.code in {Code.FORBIDDEN, ""}:
        return codes.sentence(Message(check.explanation))
    asked = PolicyAction.CONSULT if action is Action.CONSULT else PolicyAction.PROVIDE
    if is_without_owner(line) and line.is_allowed and not line.clause:
        return str(gettext("The agreement allows this."))
    if line.is_allowed:
        return codes.sentence(messages.allowed_by(line.clause, asked))
    known = BY_CODE.get(line.code)
    return codes.sentence(known) if known else line.code


def no_seat() -> str:
    """Say why somebody without a seat was refused (R-04)."""
    return str(gettext("Not named in this case, so nothing of it may be known."))


def asks(conditions: Collection[str]) -> str:
    """Name what an agreement asks; nothing when it asks nothing."""
    if not conditions:
        return ""
    return str(
        gettext("The agreement asks: %(what)s.", what=", ".join(map(codes.condition, conditions)))
    )


def _clauses(lines: Iterable[Line]) -> str:
    """Name the clauses by which lines were refused; the reason of an allowed one names it."""
    named = dict.fromkeys(line.clause for line in lines if line.clause and not line.is_allowed)
    if not named:
        return ""
    return str(
        ngettext(
            "Clause %(clauses)s.", "Clauses %(clauses)s.", len(named), clauses=", ".join(named)
        )
    )


def explained_by(row: Row) -> str:
    """Say what explains the accesses of a row; nothing explains them: an empty text."""
    found = dict.fromkeys(_explanation(entry) for entry in row.entries)
    return ", ".join(words for words in found if words)


def unexplained(row: Row) -> str:
    """Say that something should explain a row and does not, or not all of it."""
    number = sum(needs_explanation(one) and not _explanation(one) for one in row.entries)
    if not number:
        return ""
    if number == len(row.entries):
        return str(gettext("nothing explains it"))
    whole = len(row.entries)
    return str(gettext("%(count)s of %(whole)s not explained", count=number, whole=whole))


def _explanation(entry: Entry) -> str:
    """Say what explains one access."""
    return str(EXPLANATIONS.get(entry.explained_by.kind, "")) if entry.explained_by else ""


def needs_explanation(entry: Entry) -> bool:
    """Tell whether an access should be explained by something: reading what others brought."""
    return entry.action is Action.CONSULT and any(
        line.items and line.rule not in {"OWNER", OWN_DRAFT} for line in entry.lines
    )


def rules(counts: Iterable[Counted], chosen: str | None) -> list[tuple[str, str]]:
    """List the rules that refused something, and the chosen one, to narrow refusals by."""
    found: dict[str, list[str]] = {}
    for one in counts:
        found.setdefault(one.rule or NO_RULE, []).append(rule(one.rule, one.code, one.limits))
    if chosen is not None:
        found.setdefault(chosen or NO_RULE, [rule(chosen)])
    return sorted(((code, " / ".join(names)) for code, names in found.items()), key=itemgetter(1))


def rule(rule_code: str, code: str = "", limits: Catalogue | None = None) -> str:
    """Name a rule by what it is about, or by why it refuses."""
    return flow(rule_code) or refusal(rule_code, code, limits) or rule_code


def refusal(rule_code: str, code: str, limits: Catalogue | None = None) -> str:
    """Say in one sentence what kind of refusals were counted."""
    if not rule_code:
        return no_seat()
    return reason(Line("", "", "denied", rule_code, code), limits=limits)


def flow(rule_code: str) -> str:
    """Say what a rule is about: a category from one partner to another; nothing for other rules."""
    found = flow_of(rule_code)
    if found is None:
        return ""
    return str(
        gettext(
            "%(category)s, from %(provider)s to %(consumer)s",
            category=codes.category(found.category),
            provider=codes.partner(found.provider),
            consumer=codes.partner(found.consumer),
        )
    )


def shown(*choices: Show) -> list[tuple[str, str]]:
    """List what a table can be narrowed to; everything comes first, as the empty choice."""
    return [(str(one), str(SHOWN[one])) for one in choices if one is not Show.EVERYTHING]


def kinds() -> list[tuple[str, str]]:
    """List how something can have been read."""
    return [(str(kind), str(named)) for kind, named in READS.items()]


def categories() -> list[tuple[str, str]]:
    """List the categories of both tracks; those with the same name bear their code too."""
    return [
        (str(one), f"{category(one)} ({one})") for all_of in CATEGORIES.values() for one in all_of
    ]


def purposes() -> list[tuple[str, str]]:
    """List the purposes of both tracks."""
    return [(str(one), codes.purpose(one)) for one in Purpose]


def record_fault(check: str) -> str:
    """Say which check of a case did not fit."""
    return _named(RECORD_FAULTS, check)


def reasons() -> list[tuple[str, str]]:
    """List why an officer may look."""
    return [(str(code), str(words)) for code, words in REASONS.items()]


def look_reason(code: str) -> str:
    """Say why an officer looked; nothing for any other entry."""
    return str(REASONS[LookReason(code)]) if code in set(LookReason) else ""


def category(code: str) -> str:
    """Name a category."""
    return _named(OWN_CATEGORIES, code) if code in OWN_CATEGORIES else codes.category(code)


def partner(code: str) -> str:
    """Name a kind of partner."""
    return codes.partner(code)


def _categories(lines: Iterable[Line]) -> str:
    """Name the categories of lines, each once; what has no category is not named."""
    found = dict.fromkeys(line.category for line in lines if line.category)
    return ", ".join(dict.fromkeys(category(code) for code in found))


def _named(words: Words, code: str) -> str:
    """Give the words of a code, or the code itself."""
    return str(words.get(code, code))
