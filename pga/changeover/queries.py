"""Reads of the changeover: of living cases counts only, but for the decision that moves them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from config.database import db
from pga.agreements.models import Agreement
from pga.cases.models import Case, Participant
from pga.cases.rules import ENDED
from pga.changeover.models import CaseMove, CaseStay, MovedCase

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
