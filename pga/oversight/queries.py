"""Reads of oversight from the app store; each function is one query. The log is read elsewhere."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from config.database import db
from pga.agreements.models import Agreement
from pga.agreements.queries import agreements_of, is_in_force, table_of
from pga.cases.models import Case, Participant
from pga.oversight.models import (
    CitizenExtract,
    ExtractLine,
    LogVerification,
    MonitoringConsent,
    RecordCheck,
    ReviewItem,
    ReviewLimit,
)
from pga.oversight.rules import LogVerdict
from pga.policy.terms import AgreementDocument
from pga.records.models import SealedItem

PER_QUERY = 5000
"""Numbers in one IN list; below the limits of both databases."""


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


def owners_of(items: Collection[bytes]) -> dict[bytes, bytes]:
    """Tell which organisation brought each of these items; one that was destroyed is left out."""
    found: dict[bytes, bytes] = {}
    ordered = sorted(items)
    for first in range(0, len(ordered), PER_QUERY):
        some = ordered[first : first + PER_QUERY]
        rows = db.session.execute(
            select(SealedItem.id, SealedItem.owner_organisation_id).where(SealedItem.id.in_(some))
        )
        found |= {row.id: row.owner_organisation_id for row in rows}
    return found


def documents_by_hash(hashes: Collection[str]) -> dict[str, AgreementDocument]:
    """Read versions by what the log names them by, which the text itself must bear out."""
    rows = db.session.scalars(select(Agreement).where(Agreement.policy_hash.in_(hashes)))
    tables = [table_of(row) for row in rows]
    return {one.policy_hash: one.document for one in tables if one.policy_hash in hashes}


def documents_in_force(municipality: str, today: date) -> list[AgreementDocument]:
    """Read the agreements in force in a municipality, one per track."""
    rows = agreements_of([municipality])
    return [table_of(row).document for row in rows if is_in_force(row, today)]


def last_verification() -> LogVerification | None:
    """Read what the newest verification of the log found."""
    return db.session.scalar(
        select(LogVerification).order_by(LogVerification.at.desc(), LogVerification.id).limit(1)
    )


def last_record_check() -> RecordCheck | None:
    """Read what the newest check of all stored records found."""
    return db.session.scalar(
        select(RecordCheck).order_by(RecordCheck.at.desc(), RecordCheck.id).limit(1)
    )


def sound_verifications(most: int) -> Sequence[LogVerification]:
    """Read the newest verifications that found the log whole, the newest first."""
    return db.session.scalars(
        select(LogVerification)
        .where(LogVerification.verdict == LogVerdict.OK)
        .order_by(LogVerification.at.desc(), LogVerification.id)
        .limit(most)
    ).all()


def consenting_organisations() -> frozenset[str]:
    """Read the organisations (hex ids) whose works council consented to the checks."""
    rows = db.session.scalars(select(MonitoringConsent.organisation_id))
    return frozenset(row.hex() for row in rows)


def consent_of(organisation_id: bytes) -> MonitoringConsent | None:
    """Read the consent of the works council of an organisation."""
    return db.session.get(MonitoringConsent, organisation_id)


def newest_review() -> datetime | None:
    """Read when the newest access happened that a rule fitted."""
    return db.session.scalar(select(func.max(ReviewItem.happened_at)))


def review_keys(numbers: Collection[int]) -> frozenset[tuple[str, int]]:
    """Read which rules fitted these entries before."""
    query = select(ReviewItem.pattern, ReviewItem.seq).where(ReviewItem.seq.in_(numbers))
    return frozenset((pattern, seq) for pattern, seq in db.session.execute(query))


def open_reviews() -> Sequence[ReviewItem]:
    """Read what waits for an explanation, the oldest first."""
    return db.session.scalars(
        select(ReviewItem)
        .where(ReviewItem.closed_at.is_(None))
        .order_by(ReviewItem.seq, ReviewItem.pattern)
    ).all()


def reviews_between(first: datetime, end: datetime) -> Sequence[ReviewItem]:
    """Read what asked for an explanation in a span of time, `end` not included."""
    return db.session.scalars(
        select(ReviewItem).where(ReviewItem.happened_at >= first, ReviewItem.happened_at < end)
    ).all()


def review(item_id: bytes) -> ReviewItem | None:
    """Read one item."""
    return db.session.get(ReviewItem, item_id)


def agreed_limits() -> dict[str, int]:
    """Read the newest agreed value of each limit."""
    rows = db.session.execute(
        select(ReviewLimit.name, ReviewLimit.value)
        .where(ReviewLimit.approved_at.is_not(None))
        .order_by(ReviewLimit.approved_at, ReviewLimit.proposed_at)
    )
    return {row.name: row.value for row in rows}


def waiting_limits() -> Sequence[ReviewLimit]:
    """Read the proposals nobody approved yet, the oldest first."""
    return db.session.scalars(
        select(ReviewLimit)
        .where(ReviewLimit.approved_at.is_(None))
        .order_by(ReviewLimit.proposed_at, ReviewLimit.id)
    ).all()


def extract(extract_id: bytes) -> CitizenExtract | None:
    """Read one extract."""
    return db.session.get(CitizenExtract, extract_id)


def extracts_of(case_id: bytes) -> Sequence[CitizenExtract]:
    """Read the extracts of a case, the newest first."""
    return db.session.scalars(
        select(CitizenExtract)
        .where(CitizenExtract.case_id == case_id)
        .order_by(CitizenExtract.prepared_at.desc(), CitizenExtract.id)
    ).all()


def extract_lines(extract_id: bytes) -> Sequence[ExtractLine]:
    """Read the lines of an extract in their order."""
    return db.session.scalars(
        select(ExtractLine)
        .where(ExtractLine.extract_id == extract_id)
        .order_by(ExtractLine.position)
    ).all()
