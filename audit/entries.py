"""What the log records: plain facts of one act. No database, no keys, no case tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import uuid4

from config.errors import ApplicationError

ID_HEX = 32
_HEX = frozenset("0123456789abcdef")


class EntryError(ApplicationError):
    """An entry contradicts itself or does not fit its form: the program is wrong, not the user."""

    code = "entry-refused"


class Action(StrEnum):
    """What was done; the words of domain and law (Wpg 32a, NEN 7513), then those of the log."""

    LOGIN = "LOGIN"
    LOGIN_FAIL = "LOGIN_FAIL"
    CONSULT = "CONSULT"
    OVERSEE = "OVERSEE"
    CREATE = "CREATE"
    UPDATE = "UPDATE"
    PROVIDE = "PROVIDE"
    HIT_NOHIT = "HIT_NOHIT"
    CONSENT_SET = "CONSENT_SET"
    CONSENT_WITHDRAW = "CONSENT_WITHDRAW"
    RELEASE = "RELEASE"
    TRANSITION = "TRANSITION"
    BREAK_GLASS = "BREAK_GLASS"
    RIGHTS_REQ = "RIGHTS_REQ"
    RETENTION_BLOCK = "RETENTION_BLOCK"
    DESTROY = "DESTROY"
    ROLE_CHANGE = "ROLE_CHANGE"
    AGREEMENT_CHANGE = "AGREEMENT_CHANGE"
    LOG_VIEW = "LOG_VIEW"
    APPLIED = "applied"
    OUTCOME = "outcome"
    RESTORED = "restored"
    RETENTION_ERASE = "retention.erase"


UNDECIDED = frozenset(
    {
        Action.LOGIN,
        Action.LOGIN_FAIL,
        Action.APPLIED,
        Action.OUTCOME,
        Action.RESTORED,
        Action.RETENTION_ERASE,
    }
)
"""Acts in which no agreement decided anything: their leaf always says `na`."""


class Kind(StrEnum):
    """How a read showed what it showed."""

    LISTED = "listed"
    OPENED = "opened"
    PRINTED = "printed"
    SEARCHED = "searched"
    EXPORTED = "exported"


class Outcome(StrEnum):
    """The decision over a whole entry, as the leaf says it."""

    PERMIT = "permit"
    MIXED = "mixed"
    DENY = "deny"
    NA = "na"


class Retention(StrEnum):
    """How long the payload of an entry is kept (bewaartermijn); its leaf stays for good."""

    STANDARD = "standard"
    POLICE = "police"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, for whom and from which login session; ids in hex, empty where unknown."""

    person: str
    organisation: str
    partner: str
    role: str
    session: str
    auth_level: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The decision on one provider and category; `items` are the ids it opens, in hex."""

    provider: str
    category: str
    decision: Literal["allowed", "denied"]
    rule: str
    code: str
    items: tuple[str, ...] = ()
    clause: str = ""

    @property
    def is_allowed(self) -> bool:
        """Tell whether the agreement allowed this line."""
        return self.decision == "allowed"


@dataclass(frozen=True, slots=True)
class WriteState:
    """The version of a case before and after a write, and its manifest (hex) after it."""

    old_version: int
    new_version: int
    manifest: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The open action, meeting, task or release that explains an access; `none` when nothing."""

    kind: str
    id: str


UNEXPLAINED = Explanation("none", "")
CLOSED_ITEMS = "closed_items"
"""In an outcome: the items (hex ids, with a space between) that alone stayed closed."""


def new_event_id() -> str:
    """Draw an event id: a random uuid4 in hex. A uuid7 would still tell the time after erasure."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on one case (or on none), with every fact an officer needs to judge it.

    `names` is the event id of the entry that an `outcome` or `applied` belongs to. Recording the
    same entry again (same `event_id`) gives the same receipt. Raises EntryError when the facts
    contradict each other.
    """

    action: Action
    actor: Actor
    object: str
    kind: Kind | None = None
    case_id: str | None = None
    subjects: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    outcome: Outcome | None = None
    purpose: str = ""
    agreement_version: str = ""
    policy_hash: str = ""
    case_epoch: int | None = None
    agreement_epoch: int | None = None
    explained_by: Explanation | None = None
    reason: str = ""
    names: str | None = None
    write: WriteState | None = None
    recipients: tuple[str, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)
    retention: Retention = Retention.STANDARD
    event_id: str = field(default_factory=new_event_id)

    def __post_init__(self) -> None:
        """Refuse facts that contradict each other."""
        if len(self.event_id) != ID_HEX or not set(self.event_id) <= _HEX:
            message = "an event id has 32 lower-case hex characters"
            raise EntryError(message)
        is_follow_up = self.action in {Action.APPLIED, Action.OUTCOME}
        if is_follow_up != (self.names is not None):
            message = "`applied` and `outcome` name the entry they belong to, and no others do"
            raise EntryError(message)
        needs_write = self.action in {Action.APPLIED, Action.RESTORED}
        if needs_write and (self.write is None or self.case_id is None):
            message = "`applied` and `restored` carry the version and manifest of their case"
            raise EntryError(message)
        derived = _outcome_of(self.lines)
        if self.lines and self.outcome not in {None, Outcome.NA, derived}:
            message = "the outcome contradicts the lines"
            raise EntryError(message)

    @property
    def decided(self) -> Outcome:
        """Give the decision the leaf shows: derived from the lines unless stated."""
        if self.action in UNDECIDED:
            return Outcome.NA
        return self.outcome or _outcome_of(self.lines)

    @property
    def rules(self) -> list[str]:
        """List the rules the leaf shows: sorted, without doubles, none where nothing decided."""
        if self.decided is Outcome.NA:
            return []
        return sorted({line.rule for line in self.lines if line.rule})

    @property
    def closed_items(self) -> frozenset[str]:
        """Collect the items of an outcome that stayed closed while the others were shown.

        An outcome without any says that nothing was shown at all.
        """
        return frozenset(str(self.facts.get(CLOSED_ITEMS, "")).split())

    @property
    def allowed_items(self) -> frozenset[str]:
        """Collect the items on lines that say allowed."""
        return frozenset(item for line in self.lines if line.is_allowed for item in line.items)


def _outcome_of(lines: tuple[Line, ...]) -> Outcome:
    """Derive the decision from the lines: all allowed, some, none, or no lines at all."""
    if not lines:
        return Outcome.NA
    allowed = sum(line.is_allowed for line in lines)
    if allowed == len(lines):
        return Outcome.PERMIT
    return Outcome.MIXED if allowed else Outcome.DENY
