"""The script of the region (draaiboek): what people do in a case, as plain values.

Days are counted from today: `until` and `due` are days from today, negative in the past. People
and organisations are named by their keys in the data files.
"""

from dataclasses import dataclass
from datetime import datetime

from pga.cases.models import InformDelay
from pga.cases.rules import CaseState, ParticipantTask, WorkKind
from pga.dossier.rules import ItemKind, StepReason
from pga.sharing.rules import Answer, ReleaseKind

Answers = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """Start the case with the signal."""


@dataclass(frozen=True, slots=True)
class Step:
    """Take a step; that to aftercare names who keeps contact."""

    target: CaseState
    reason: StepReason | None = None
    keeps_contact: str = ""


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """File who the youth is, and name who may read it."""

    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileNumber:
    """File the citizen number, for the case manager alone."""

    reader: str


@dataclass(frozen=True, slots=True)
class Name:
    """Name people in the case for a task."""

    people: tuple[str, ...]
    task: ParticipantTask
    days: int = 300


@dataclass(frozen=True, slots=True)
class End:
    """End the task of a participant."""

    person: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """Let somebody stand in for a participant."""

    person: str
    instead: str
    until: int


@dataclass(frozen=True, slots=True)
class Weigh:
    """Write the weighing note over the whole case."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Approve:
    """Approve that note as a second person."""


@dataclass(frozen=True, slots=True)
class Decide:
    """Record a decision to provide police or judicial data."""

    article: str
    number: str
    about: tuple[str, ...]
    to: tuple[str, ...]
    until: int
    authority: str
    conditions: str
    is_structural: bool = False


@dataclass(frozen=True, slots=True)
class Parents:
    """Record who holds parental authority."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inform:
    """Record that the youth was informed today."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Put informing off, with the approval of the privacy officer."""

    reason: InformDelay
    until: int


@dataclass(frozen=True, slots=True)
class Review:
    """Look again at whether the case is needed."""


@dataclass(frozen=True, slots=True)
class Restrict:
    """Restrict the case until an objection is decided."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Bring an item; `name` lets a later line point at it."""

    kind: ItemKind
    category: str
    title: str
    text: str
    to: tuple[str, ...] = ()
    name: str = ""
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Agree:
    """Agree on an action with one owner and a day."""

    person: str
    due: int
    title: str
    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Mark an action as done."""

    name: str


@dataclass(frozen=True, slots=True)
class Release:
    """Record what the youth, and the parents, said about letting a professional share."""

    name: str
    kind: ReleaseKind
    provider: str
    about: tuple[str, ...]
    to: tuple[str, ...]
    until: int
    level: str
    youth: Answer
    guardians: tuple[Answer, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Confirm a release as the bound professional."""

    name: str


@dataclass(frozen=True, slots=True)
class Decline:
    """Keep silent as the bound professional."""

    name: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw a release for the youth."""

    name: str


@dataclass(frozen=True, slots=True)
class Consent:
    """Record consent to voluntary help."""

    person: str
    until: int


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct an own item."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Withdraw an own item."""

    name: str


@dataclass(frozen=True, slots=True)
class WrongCase:
    """Put an own item down as of the wrong case."""

    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """Ask the case manager about a closed section."""

    category: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Mark what waits for this person in the case as done."""

    kind: WorkKind


@dataclass(frozen=True, slots=True)
class Open:
    """Open the case."""


@dataclass(frozen=True, slots=True)
class TryOpen:
    """Try to open an item that is closed to this person, by category or by its name."""

    category: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class TryBring:
    """Try to bring a category that this organisation may bring to nobody."""

    category: str


@dataclass(frozen=True, slots=True)
class Knock:
    """Try the address of a case without a seat in it."""


@dataclass(frozen=True, slots=True)
class LookAtList:
    """Look at the own work list."""


@dataclass(frozen=True, slots=True)
class OpenLate:
    """Open a case late in the evening, when this person never works; the key of its story."""

    youth: str


@dataclass(frozen=True, slots=True)
class WorksCouncil:
    """Record that the works council of the own organisation consents to the checks."""

    reference: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Let the checks run, and judge what waits for an explanation."""


@dataclass(frozen=True, slots=True)
class PrepareExtract:
    """Prepare what a youth is told of the log; the key of the story."""

    youth: str


Act = (
    Start
    | Step
    | FileIdentity
    | FileNumber
    | Name
    | End
    | StandIn
    | Weigh
    | Approve
    | Decide
    | Parents
    | Inform
    | Delay
    | Review
    | Restrict
    | Tell
    | Agree
    | Finish
    | Release
    | Confirm
    | Decline
    | Withdraw
    | Consent
    | Correct
    | TakeBack
    | WrongCase
    | Question
    | Tick
    | Open
    | TryOpen
    | TryBring
    | Knock
    | LookAtList
    | OpenLate
    | WorksCouncil
    | Judge
    | PrepareExtract
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Who does what, so many days ago; `rank` orders what happens on one day."""

    days: int
    by: str
    act: Act
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """A cue with its instant and its youth; an empty youth stands for the work list."""

    at: datetime
    youth: str
    by: str
    act: Act
