"""Reads of the changeover: of living cases counts only, but for the decision that moves them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, union_all

from config.database import db
from pga.agreements.models import Agreement
from pga.cases.models import Case, Participant, WorkTask
from pga.cases.rules import ENDED, WorkKind
from pga.changeover.models import CaseMove, CaseStay, Departure, MovedCase
from pga.policy.codes import CRIMINAL
from pga.records.models import SealedItem
from pga.sharing.models import DisclosureDecision, SecrecyRelease, WeighingNote

_LIVING = Case.state.not_in(sorted(ENDED))
_OPEN_MOVES = (
    select(CaseMove)
    .where(CaseMove.withdrawn_at.is_(None), CaseMove.carried_out_at.is_(None))
    .execution_options(populate_existing=True)
)


class Counts(NamedTuple):
    """How many living cases stand in each state, and in how many of them a partner takes part."""

    by_state: dict[str, int]
    by_partner: dict[tuple[str, str], int]


def living_counts(agreement: Agreement, today: date) -> Counts:
    """Count the living cases under a version, in two queries whatever their number."""
    here = _living_under(agreement)
    by_state = select(Case.state, func.count()).where(*here).group_by(Case.state)
    by_partner = (
        select(Case.state, Participant.partner, func.count(Case.id.distinct()))
        .join(Participant, Participant.case_id == Case.id)
        .where(
            *here,
            Participant.from_on <= today,
            Participant.until_on >= today,
            or_(Participant.ended_on.is_(None), Participant.ended_on > today),
        )
        .group_by(Case.state, Participant.partner)
    )
    return Counts(
        {row[0]: row[1] for row in db.session.execute(by_state)},
        {(row[0], row[1]): row[2] for row in db.session.execute(by_partner)},
    )


def _living_under(agreement: Agreement) -> tuple[ColumnElement[bool], ...]:
    """Select the living cases pinned to a version, by the index of their place."""
    return (
        Case.municipality == agreement.municipality,
        Case.track == agreement.track,
        Case.agreement_id == agreement.id,
        _LIVING,
    )


def versions_with_living_cases(municipalities: Collection[str]) -> frozenset[bytes]:
    """Tell to which versions living cases of these municipalities are pinned."""
    return frozenset(
        db.session.scalars(
            select(Case.agreement_id)
            .where(Case.municipality.in_(municipalities), _LIVING)
            .distinct()
        )
    )


def versions_of(municipalities: Collection[str]) -> Sequence[Agreement]:
    """Read every version of these municipalities as it is committed now, the newest term first."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.municipality.in_(municipalities))
        .order_by(
            Agreement.municipality,
            Agreement.track,
            Agreement.valid_from.desc(),
            Agreement.created_at.desc(),
        )
        .execution_options(populate_existing=True)
    ).all()


def move_by_id(move_id: bytes) -> CaseMove | None:
    """Read a decision as it is committed now."""
    return db.session.get(CaseMove, move_id, populate_existing=True)


def moves_from(source_ids: Collection[bytes]) -> Sequence[CaseMove]:
    """Read the decisions over the cases under these versions, the newest first."""
    return db.session.scalars(
        select(CaseMove)
        .where(CaseMove.source_id.in_(source_ids))
        .order_by(CaseMove.proposed_at.desc(), CaseMove.id)
        .execution_options(populate_existing=True)
    ).all()


def open_moves(source_id: bytes) -> Sequence[CaseMove]:
    """Read the decisions over cases under a version that are proposed or approved, oldest first."""
    return db.session.scalars(
        _OPEN_MOVES.where(CaseMove.source_id == source_id).order_by(CaseMove.proposed_at)
    ).all()


def moves_ahead(case_id: bytes, source_id: bytes) -> Sequence[CaseMove]:
    """Read the decisions that will move a case, or that it stays behind at, oldest first."""
    staying = select(CaseStay.move_id).where(
        CaseStay.case_id == case_id, CaseStay.lifted_at.is_(None)
    )
    is_open = and_(CaseMove.source_id == source_id, CaseMove.carried_out_at.is_(None))
    return db.session.scalars(
        select(CaseMove)
        .where(CaseMove.withdrawn_at.is_(None), or_(is_open, CaseMove.id.in_(staying)))
        .order_by(CaseMove.proposed_at)
        .execution_options(populate_existing=True)
    ).all()


def approved_moves() -> Sequence[CaseMove]:
    """Read the decisions that are approved and wait to be carried out, oldest first."""
    return db.session.scalars(
        _OPEN_MOVES.where(CaseMove.approved_at.is_not(None)).order_by(CaseMove.approved_at)
    ).all()


def has_living_cases(source: Agreement) -> bool:
    """Tell whether any case lives under a version."""
    return db.session.scalar(select(Case.id).where(*_living_under(source)).limit(1)) is not None


def still_to_move(move_id: bytes, source: Agreement, most: int) -> Sequence[bytes]:
    """List cases that a decision moves and that are not moved yet; who stays is left out."""
    return db.session.scalars(
        select(Case.id)
        .where(*_living_under(source), Case.id.not_in(_staying(move_id)))
        .order_by(Case.id)
        .limit(most)
    ).all()


def _staying(move_id: bytes) -> Select[bytes]:
    """Select the cases that stay behind at a decision."""
    return select(CaseStay.case_id).where(CaseStay.move_id == move_id, CaseStay.lifted_at.is_(None))


class Moved(NamedTuple):
    """How many cases went over by a decision, and how many stay behind."""

    gone: int
    staying: int


def moved_by(move_id: bytes) -> Moved:
    """Count what became of the cases of a decision."""
    gone = select(func.count()).select_from(MovedCase).where(MovedCase.move_id == move_id)
    staying = select(func.count()).select_from(_staying(move_id).subquery())
    return Moved(
        *db.session.execute(select(gone.scalar_subquery(), staying.scalar_subquery())).one()
    )


def stays_of(case_id: bytes) -> dict[bytes, CaseStay]:
    """Read at which decisions a case stays or stayed behind, by decision."""
    rows = db.session.scalars(
        select(CaseStay)
        .where(CaseStay.case_id == case_id)
        .execution_options(populate_existing=True)
    )
    return {row.move_id: row for row in rows}


def moves_of_case(case_id: bytes) -> Sequence[tuple[CaseMove, datetime]]:
    """Read by which decisions a case went over, and when, the newest first."""
    rows = db.session.execute(
        select(CaseMove, MovedCase.moved_at)
        .join(MovedCase, MovedCase.move_id == CaseMove.id)
        .where(MovedCase.case_id == case_id)
        .order_by(MovedCase.moved_at.desc())
    )
    return [(move, moved_at) for move, moved_at in rows]


def departure(departure_id: bytes) -> Departure | None:
    """Read that a party left, as it is committed now."""
    return db.session.get(Departure, departure_id, populate_existing=True)


def departures_of(
    municipalities: Collection[str], organisations: Collection[bytes] = ()
) -> Sequence[Departure]:
    """Read which parties left in these municipalities, or were these organisations."""
    return db.session.scalars(
        select(Departure)
        .where(
            or_(
                Departure.municipality.in_(municipalities),
                Departure.organisation_id.in_(organisations),
            )
        )
        .order_by(Departure.left_at.desc(), Departure.id)
    ).all()


def departures_to_ask_for() -> Sequence[bytes]:
    """List the departures after which not every lead was asked to look for others yet."""
    return db.session.scalars(
        select(Departure.id).where(Departure.asked_at.is_(None)).order_by(Departure.left_at)
    ).all()


class Whose(NamedTuple):
    """Whose data is looked at: of one party in one municipality and track."""

    municipality: str
    track: str
    organisation_id: bytes
    partner: str


def _in(whose: Whose) -> tuple[ColumnElement[bool], ...]:
    """Select the cases of a municipality and track."""
    return Case.municipality == whose.municipality, Case.track == whose.track


def _own(whose: Whose) -> tuple[ColumnElement[bool], ...]:
    """Select the items of a party; beside the cases they stand in."""
    return (
        *_in(whose),
        SealedItem.owner_organisation_id == whose.organisation_id,
        SealedItem.owner_partner == whose.partner,
    )


def _taking_part(whose: Whose, today: date) -> tuple[ColumnElement[bool], ...]:
    """Select the running tasks of a party's people in living cases."""
    return (
        *_in(whose),
        _LIVING,
        Participant.organisation_id == whose.organisation_id,
        Participant.partner == whose.partner,
        Participant.from_on <= today,
        Participant.until_on >= today,
        or_(Participant.ended_on.is_(None), Participant.ended_on > today),
    )


def count_remains(whose: Whose, today: date) -> dict[str, int]:
    """Count what of a party stays in its cases, by kind, in three queries."""
    items = select(
        func.count(SealedItem.id),
        func.count(SealedItem.case_id.distinct()),
        func.coalesce(func.sum(SealedItem.row_version - 1), 0),
        func.coalesce(func.sum(case((SealedItem.category.in_(sorted(CRIMINAL)), 1), else_=0)), 0),
    )
    own = db.session.execute(items.join(Case, Case.id == SealedItem.case_id).where(*_own(whose)))
    found = own.one()
    seats = db.session.execute(
        select(func.count(Participant.id), func.count(Participant.case_id.distinct()))
        .join(Case, Case.id == Participant.case_id)
        .where(*_taking_part(whose, today))
    ).one()
    return {
        "items": found[0],
        "cases": found[1],
        "earlier_versions": int(found[2]),
        "criminal_items": int(found[3]),
        "participants": seats[0],
        "cases_taking_part": seats[1],
        "records": _count_records(whose),
    }


def _count_records(whose: Whose) -> int:
    """Count the releases, disclosure decisions and weighing notes of a party."""
    organisation, in_place = whose.organisation_id, select(Case.id).where(*_in(whose))
    releases = select(SecrecyRelease.id).where(
        SecrecyRelease.provider_organisation_id == organisation,
        SecrecyRelease.provider == whose.partner,
        SecrecyRelease.case_id.in_(in_place),
    )
    decisions = select(DisclosureDecision.id).where(
        DisclosureDecision.provider_organisation_id == organisation,
        DisclosureDecision.provider == whose.partner,
        DisclosureDecision.case_id.in_(in_place),
    )
    notes = select(WeighingNote.id).where(
        WeighingNote.organisation_id == organisation,
        WeighingNote.partner == whose.partner,
        WeighingNote.case_id.in_(in_place),
    )
    every = union_all(releases, decisions, notes).subquery()
    return db.session.scalar(select(func.count()).select_from(every)) or 0


def cases_with_own_items(whose: Whose) -> Sequence[bytes]:
    """List the cases in which a party has items, in a fixed order."""
    return db.session.scalars(
        select(Case.id)
        .where(*_in(whose), exists().where(SealedItem.case_id == Case.id, *_own(whose)[2:]))
        .order_by(Case.id)
    ).all()


class Seated(NamedTuple):
    """A running task of somebody of a party, in a case, and who named that person."""

    case_id: bytes
    participant_id: bytes
    added_by: bytes


def seated(whose: Whose, today: date) -> Sequence[Seated]:
    """List running tasks of a party's people about which no lead was asked yet."""
    asked = select(WorkTask.about_id).where(
        WorkTask.kind == WorkKind.REPLACE_PARTICIPANT, WorkTask.about_id.is_not(None)
    )
    rows = db.session.execute(
        select(Participant.case_id, Participant.id, Participant.added_by)
        .join(Case, Case.id == Participant.case_id)
        .where(*_taking_part(whose, today), Participant.id.not_in(asked))
        .order_by(Participant.case_id, Participant.id)
    )
    return [Seated(*row) for row in rows]


def birth_dates(municipality: str, track: str) -> dict[bytes, date | None]:
    """Read when the youths of all cases of a municipality and track were born, by case.

    Age decides what may be exchanged (Sv 486), so who recomputes a decision needs it.
    """
    rows = db.session.execute(
        select(Case.id, Case.born_on).where(Case.municipality == municipality, Case.track == track)
    )
    return {row.id: row.born_on for row in rows}
