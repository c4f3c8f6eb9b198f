"""Reads of the changeover: of living cases counts only, never one of them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from config.database import db
from pga.agreements.models import Agreement
from pga.cases.models import Case, Participant
from pga.cases.rules import ENDED

_LIVING = Case.state.not_in(sorted(ENDED))


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
