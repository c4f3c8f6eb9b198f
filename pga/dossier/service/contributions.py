"""Contributions: log an intervention, add an item, plan and finish an action.

The person says what it is in plain words; category, purpose and basis follow from it and from
the agreement. Nothing is saved that the agreement gives to nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit.entries import Action, Line
from config import clock
from config.errors import ConflictError, InvalidInputError
from config.ids import new_id
from pga.cases import service as cases
from pga.cases.rules import ParticipantTask, WorkKind, is_running
from pga.dossier.rules import (
    ACTIONS_OF,
    PLAN_OF,
    FactType,
    ItemKind,
    is_neutral,
    must_be_neutral,
    objections,
)
from pga.policy.codes import BOUND_BY_SECRECY, CATEGORIES, Code, Track
from pga.policy.decide import Decision
from pga.records import service as records
from pga.records.models import SealedItem
from pga.sharing.service.changes import (
    Act,
    Desk,
    deny,
    line_of,
    may_bring,
    owner_line,
    require_exchange,
    write,
)
from pga.sharing.service.disclose import SharingDeniedError

BOUND = frozenset(str(partner) for partner in BOUND_BY_SECRECY)
LONGEST_AGO_DAYS = 366 * 25
LONGEST_ACTION_DAYS = 366
NOT_NEUTRAL = "Choose one of the fixed wordings: they tell nothing secret."


@dataclass(frozen=True, slots=True)
class NewItem:
    """What somebody brings; `recipients` are ids of persons named for this very item."""

    kind: ItemKind
    category: str
    title: str
    text: str
    happened_on: date | None = None
    fact_type: FactType | None = None
    recipients: Sequence[bytes] = ()
    due_on: date | None = None
    responsible_person_id: bytes | None = None
    extra: Mapping[str, str] | None = None


def bring(desk: Desk, new: NewItem) -> bytes:
    """Bring an item into the case and return its id.

    Raises InvalidInputError for a text that may not be kept, and SharingDeniedError, after its
    entry, when the agreement lets this seat bring it to nobody (R-03, R-16).
    """
    require_exchange(desk)
    _check_words(desk, new)
    decision = may_bring(desk, new.category)
    item_id = new_id()
    line = line_of(new.category, desk.seat.partner, decision, item_id)
    if not decision.is_allowed:
        deny(desk, Action.PROVIDE, line)
        raise SharingDeniedError(decision)
    content: dict[str, object] = {"title": new.title, "text": new.text}
    if new.happened_on is not None:
        content["happened_on"] = new.happened_on.isoformat()
    if new.fact_type is not None:
        content["fact_type"] = new.fact_type
    content.update(new.extra or {})
    change = records.Create(
        id=item_id,
        category=new.category,
        purpose=desk.seat.purpose,
        kind=new.kind,
        owner_organisation_id=desk.seat.organisation_id,
        owner_partner=desk.seat.partner,
        author_person_id=desk.viewer.person_id,
        content=content,
        recipients=[recipient.hex() for recipient in new.recipients],
        due_on=new.due_on,
        responsible_person_id=new.responsible_person_id,
    )
    write(desk, Act(Action.PROVIDE, (line,)), [change])
    return item_id


def log_intervention(
    desk: Desk, what: str, text: str, happened_on: date, library_code: str = ""
) -> bytes:
    """Log what was done for the youth; the category follows from the track (D15 or G12).

    It is called by one's own words `what`, else by the choice from the library.
    """
    return bring(
        desk,
        NewItem(
            kind=ItemKind.INTERVENTION,
            category=PLAN_OF[desk.facts.case.track],
            title=what or library_code,
            text=text,
            happened_on=happened_on,
            extra={"library_code": library_code},
        ),
    )


def plan_action(
    desk: Desk, title: str, text: str, due_on: date, responsible_person_id: bytes
) -> bytes:
    """Agree on an action with one owner and a day (D16 or G13)."""
    return bring(
        desk,
        NewItem(
            kind=ItemKind.ACTION,
            category=ACTIONS_OF[desk.facts.case.track],
            title=title,
            text=text,
            due_on=due_on,
            responsible_person_id=responsible_person_id,
        ),
    )


def finish_action(desk: Desk, item_id: bytes) -> None:
    """Mark an action as done; its owner or the one who planned it may, also after the agreement.

    Raises SharingDeniedError for anybody else and ConflictError when it was done already.
    """
    item = _action(desk, item_id)
    if item.done_at is not None:
        raise ConflictError
    change = records.SetFacts(item_id, {"done_at": clock.now()})
    write(desk, Act(Action.UPDATE, (owner_line(item),)), [change])


def _action(desk: Desk, item_id: bytes) -> SealedItem:
    """Find an action that this seat may finish."""
    for item in desk.facts.items:
        if item.id != item_id or item.kind != ItemKind.ACTION or item.status != "current":
            continue
        responsible = item.responsible_person_id
        if desk.seat.owns(item.owner_organisation_id, item.owner_partner) or (
            responsible is not None and responsible.hex() in desk.seat.named_persons
        ):
            return item
    deny(desk, Action.UPDATE, Line(desk.seat.partner, "", "denied", "R-28", Code.FORBIDDEN))
    raise SharingDeniedError


def ask_case_manager(desk: Desk, category: str) -> None:
    """Ask the case manager about a closed section, or the process lead while there is none.

    There is no text: a question says too much easily. The task names who asks and the section.
    """
    require_exchange(desk)
    if category not in CATEGORIES[Track(desk.facts.case.track)]:
        raise InvalidInputError({"category": ["Choose from the list."]})
    answers = _who_answers(desk)

    def then() -> None:
        cases.add_work(
            desk.facts.case.id,
            cases.NewWork(
                WorkKind.QUESTION,
                person_id=answers,
                about_id=desk.viewer.person_id,
                category=category,
            ),
        )

    write(desk, Act(Action.CREATE, facts={"change": "question", "category": category}), (), then)


def _who_answers(desk: Desk) -> bytes:
    """Find the case manager, else the process lead: by task, for a colleague may have submitted.

    Raises ConflictError when neither takes part any more.
    """
    for task in (ParticipantTask.CASE_MANAGEMENT, ParticipantTask.PROCESS):
        for p in desk.facts.participants:
            if p.task == task and is_running(p.from_on, p.until_on, p.ended_on, desk.today):
                return p.person_id
    raise ConflictError


def decision_on(desk: Desk, category: str) -> Decision:
    """Tell beforehand whether this seat may bring a category, for the form to show."""
    return may_bring(desk, category)


def _check_words(desk: Desk, new: NewItem) -> None:
    """Refuse what a text may not hold, beside the field it stands in."""
    problems: dict[str, list[str]] = {}
    if new.category not in CATEGORIES[Track(desk.facts.case.track)]:
        problems["category"] = ["Choose from the list."]
    if must_be_neutral(desk.seat.partner, new.category, BOUND):
        if not is_neutral(new.title, new.text, *(new.extra or {}).values()):
            problems["title"] = [NOT_NEUTRAL]
    elif not new.title.strip():
        problems["title"] = ["Fill this in."]
    own_words = (new.extra or {}).get("own_words", "")
    for name, value in (("title", new.title), ("text", new.text), ("own_words", own_words)):
        for objection in objections(value):
            problems.setdefault(name, []).append(objection.message)
    problems |= _odd_days(desk, new)
    if problems:
        raise InvalidInputError(problems)


def _odd_days(desk: Desk, new: NewItem) -> dict[str, list[str]]:
    """Refuse a day that can only be a slip of the pen, beside its field.

    It looks at the calendar and never at the birth date: an answer would tell it.
    """
    problems: dict[str, list[str]] = {}
    if new.happened_on is not None and new.happened_on > desk.today:
        problems["happened_on"] = ["Choose today or a day before."]
    elif new.happened_on is not None and (desk.today - new.happened_on).days > LONGEST_AGO_DAYS:
        problems["happened_on"] = ["Is the year right? This day is too long ago."]
    if new.due_on is not None and new.due_on < desk.today:
        problems["due_on"] = ["Choose a day that has not passed."]
    elif new.due_on is not None and (new.due_on - desk.today).days > LONGEST_ACTION_DAYS:
        problems["due_on"] = ["Choose a day within a year from now."]
    return problems
