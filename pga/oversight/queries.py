"""Reads of oversight from the app store; each function is one query. The log is read elsewhere."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import select

from config.database import db
from pga.agreements.models import Agreement
from pga.cases.models import Case, Participant
from pga.oversight.models import LogVerification
from pga.oversight.rules import LogVerdict


class CaseName(NamedTuple):
    """What an officer may know of a case: its number, never a name (OVERSIGHT)."""

    id: bytes
    number: str
    municipality: str
    subject_id: bytes


def cases_of(municipalities: Collection[str]) -> list[CaseName]:
    """Read the numbers of every case of these municipalities."""
    rows = db.session.execute(
        select(Case.id, Case.number, Case.municipality, Case.subject_id).where(
            Case.municipality.in_(municipalities)
        )
    )
    return [CaseName(*row) for row in rows]


def cases_with(organisations: Collection[bytes]) -> frozenset[tuple[bytes, bytes]]:
    """Tell in which cases these organisations take or took part, as case and organisation."""
    rows = db.session.execute(
        select(Participant.case_id, Participant.organisation_id)
        .where(Participant.organisation_id.in_(organisations))
        .distinct()
    )
    return frozenset((case_id, organisation_id) for case_id, organisation_id in rows)


def agreement_by_hash(policy_hash: str) -> Agreement | None:
    """Read a version of an agreement by what the log names it by."""
    return db.session.scalar(select(Agreement).where(Agreement.policy_hash == policy_hash).limit(1))


def last_verification() -> LogVerification | None:
    """Read what the newest verification of the log found."""
    return db.session.scalar(
        select(LogVerification).order_by(LogVerification.at.desc(), LogVerification.id).limit(1)
    )


def sound_verifications(most: int) -> Sequence[LogVerification]:
    """Read the newest verifications that found the log whole, the newest first."""
    return db.session.scalars(
        select(LogVerification)
        .where(LogVerification.verdict == LogVerdict.OK)
        .order_by(LogVerification.at.desc(), LogVerification.id)
        .limit(most)
    ).all()
