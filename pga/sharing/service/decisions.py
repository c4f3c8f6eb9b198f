"""Disclosure decisions and weighing notes: the other two conditions a cell may name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit.entries import Action
from config import clock
from config.database import db
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements.queries import table_of
from pga.cases import service as cases
from pga.policy.codes import CATEGORIES, PURPOSES, Category
from pga.records import service as records
from pga.records.models import SealedItem
from pga.records.skeleton import digest_of
from pga.sharing import queries
from pga.sharing.models import DisclosureDecision, WeighingNote
from pga.sharing.queries import CaseFacts
from pga.sharing.rules import ARTICLES_OF
from pga.sharing.service.changes import Act, Desk, require_exchange, write
from pga.sharing.service.judge import signed_places
from pga.sharing.service.seats import PROCESS_LEAD

LONGEST_NOTE_DAYS = 366
WHOLE_CASE = "CASE"
WEIGHING = "weighing"
# A structural decision holds for the cases of both tracks.
EVERY_CATEGORY = {Category.SIGNAL, *(code for track in CATEGORIES.values() for code in track)}
EVERY_PURPOSE = {purpose for track in PURPOSES.values() for purpose in track}
RECORDED = "recorded"
WITHDRAWN = "withdrawn"
QUESTIONS = ("why_needed", "why_proportionate", "less_intrusive", "interest_of_child")


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What a disclosure decision says; each part is checked at providing and consulting."""

    article: str
    number: str
    purposes: Sequence[str]
    categories: Sequence[str]
    recipients: Sequence[bytes]
    authority: str
    valid_until: date
    conditions: str = ""
    is_structural: bool = False


def record_decision(desk: Desk, new: NewDecision) -> DisclosureDecision:
    """Record a decision of the police, prosecution or DJI to provide (R-11..R-15).

    A structural one holds for every case of the municipality. Raises ForbiddenError for other
    partners and InvalidInputError when a part is missing or does not fit.
    """
    require_exchange(desk)
    articles = ARTICLES_OF.get(desk.seat.partner)
    if articles is None:
        raise ForbiddenError
    problems = _gaps(desk, new, articles)
    if problems:
        raise InvalidInputError(problems)
    row = DisclosureDecision(
        id=new_id(),
        case_id=None if new.is_structural else desk.facts.case.id,
        municipality=desk.facts.case.municipality,
        provider_organisation_id=desk.seat.organisation_id,
        provider=desk.seat.partner,
        article=new.article,
        number=new.number.strip(),
        purposes=sorted(new.purposes),
        categories=sorted(new.categories),
        recipients=sorted(recipient.hex() for recipient in new.recipients),
        conditions=new.conditions.strip(),
        authority=new.authority.strip(),
        decided_on=desk.today,
        valid_until=new.valid_until,
        recorded_by=desk.viewer.person_id,
        recorded_at=clock.now(),
    )

    def then() -> None:
        db.session.add(row)
        cases.touch(desk.facts.case)

    write(desk, _act(row, RECORDED), (), then)
    return row


def _gaps(desk: Desk, new: NewDecision, articles: Collection[str]) -> dict[str, list[str]]:
    """Say which parts of a decision are missing or name what nobody could choose."""
    problems: dict[str, list[str]] = {}
    if new.article not in articles:
        problems["article"] = ["Choose an article that fits your organisation."]
    for name, value in (
        ("number", new.number.strip()),
        ("authority", new.authority.strip()),
        ("purposes", new.purposes),
        ("categories", new.categories),
        ("recipients", new.recipients),
    ):
        if not value:
            problems[name] = ["Fill this in: without it the decision opens nothing."]
    if not set(new.categories) <= EVERY_CATEGORY:
        problems["categories"] = ["Choose from the list."]
    if not set(new.purposes) <= EVERY_PURPOSE:
        problems["purposes"] = ["Choose from the list."]
    if not new.is_structural and not set(new.recipients) <= _signed(desk):
        problems["recipients"] = ["Choose organisations that signed the agreement."]
    if new.valid_until < desk.today:
        problems["valid_until"] = ["Choose a day that has not passed."]
    return problems


def _signed(desk: Desk) -> set[bytes]:
    """List the organisations that signed the agreement of the case."""
    return {organisation_id for organisation_id, _partner in signed_places(desk.facts)}


def withdraw_decision(desk: Desk, decision_id: bytes) -> None:
    """Withdraw a decision; what rests on it closes for everybody at once.

    Raises NotFoundError for a decision of somebody else.
    """
    row = db.session.get(DisclosureDecision, decision_id)
    if (
        row is None
        or row.withdrawn_at is not None
        or not desk.seat.owns(row.provider_organisation_id, row.provider)
        or row.municipality != desk.facts.case.municipality
        or row.case_id not in {None, desk.facts.case.id}
    ):
        raise NotFoundError

    def then() -> None:
        row.withdrawn_at = clock.now()
        if row.case_id is None:
            cases.touch_all(row.municipality)
        else:
            cases.touch(desk.facts.case)

    write(desk, _act(row, WITHDRAWN), (), then)


@dataclass(frozen=True, slots=True)
class NewNote:
    """A weighing note: one category, the recipients, four answers and a review date."""

    category: str
    recipients: Sequence[bytes]
    answers: Mapping[str, str]
    review_on: date


def record_note(desk: Desk, new: NewNote) -> WeighingNote:
    """Record why sharing a category with these recipients is needed; the answers are sealed.

    Raises InvalidInputError when one of the four questions is open.
    """
    require_exchange(desk)
    problems = {
        question: ["Answer this question."]
        for question in QUESTIONS
        if not new.answers.get(question, "").strip()
    }
    if not new.recipients:
        problems["recipients"] = ["Choose at least one organisation that may read."]
    elif not set(new.recipients) <= _signed(desk):
        problems["recipients"] = ["Choose organisations that signed the agreement."]
    known = set(table_of(desk.facts.agreement).categories)
    if new.category not in known | ({WHOLE_CASE} if desk.seat.partner == PROCESS_LEAD else set()):
        problems["category"] = ["Choose from the list."]
    if new.review_on < desk.today:
        problems["review_on"] = ["Choose a day that has not passed."]
    elif (new.review_on - desk.today).days > LONGEST_NOTE_DAYS:
        problems["review_on"] = ["Choose a day within a year from now."]
    if problems:
        raise InvalidInputError(problems)
    answers = records.Create(
        category="NOTE",
        kind=WEIGHING,
        content={question: new.answers[question] for question in QUESTIONS},
        owner_organisation_id=desk.seat.organisation_id,
        owner_partner=desk.seat.partner,
        author_person_id=desk.viewer.person_id,
        purpose=desk.seat.purpose,
    )
    row = WeighingNote(
        id=new_id(),
        case_id=desk.facts.case.id,
        organisation_id=desk.seat.organisation_id,
        partner=desk.seat.partner,
        category=new.category,
        recipients=sorted(recipient.hex() for recipient in new.recipients),
        review_on=new.review_on,
        author_id=desk.viewer.person_id,
        item_id=answers.id,
        recorded_at=clock.now(),
    )

    def then() -> None:
        db.session.add(row)
        cases.touch(desk.facts.case)

    act = Act(
        Action.PROVIDE,
        recipients=tuple(row.recipients),
        facts={"note": row.id.hex(), "category": new.category},
    )
    write(desk, act, [answers], then)
    return row


def approve_note(desk: Desk, note_id: bytes) -> None:
    """Approve a weighing note as a second person (four eyes), of the place whose note it is.

    Nobody else can read what was weighed.

    Raises ForbiddenError for its author and NotFoundError for a note of somebody else.
    """
    row = db.session.get(WeighingNote, note_id)
    if (
        row is None
        or row.case_id != desk.facts.case.id
        or row.approved_at is not None
        or not desk.seat.owns(row.organisation_id, row.partner)
    ):
        raise NotFoundError
    if row.author_id == desk.viewer.person_id:
        raise ForbiddenError

    def then() -> None:
        row.approved_at = clock.now()
        row.approved_by = desk.viewer.person_id

    write(desk, Act(Action.UPDATE, facts={"note": row.id.hex(), "change": "approved"}), (), then)


def decisions_at(desk: Desk) -> Sequence[DisclosureDecision]:
    """List the decisions of the viewer's own organisation that hold or held for this case."""
    return [
        row
        for row in queries.decisions_of(desk.seat.organisation_id, [desk.facts.case.municipality])
        if row.case_id in {None, desk.facts.case.id}
    ]


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """The one line a liaison copies into the police register (Wpg 32a); it holds no name."""

    day: date
    case_number: str
    article: str
    number: str
    categories: Sequence[str]
    authority: str = ""


def register_line(decision: DisclosureDecision, case_number: str) -> RegisterLine:
    """Give the line for the police register of a decision (Wpg 32a)."""
    return RegisterLine(
        clock.today(),
        case_number,
        decision.article,
        decision.number,
        decision.categories,
        decision.authority,
    )


def register_lines_of(facts: CaseFacts, item: SealedItem) -> list[RegisterLine]:
    """Give the lines for the police register of one provided item, a line per decision.

    Who provided, on which article and number, what and when; no name of the youth (Wpg 32a).
    """
    return [
        RegisterLine(
            clock.local_day(item.created_at),
            facts.case.number,
            decision.article,
            decision.number,
            [item.category],
        )
        for decision in facts.decisions
        if decision.provider_organisation_id == item.owner_organisation_id
        and item.category in decision.categories
        and decision.decided_on <= clock.local_day(item.created_at) <= decision.valid_until
    ]


def _act(row: DisclosureDecision, what: str) -> Act:
    """Describe a change of a decision for the log."""
    return Act(
        Action.PROVIDE,
        recipients=tuple(row.recipients),
        facts={
            "decision": row.id.hex(),
            "article": row.article,
            "change": what,
            "sha256": digest_of(row).hex(),
        },
    )
