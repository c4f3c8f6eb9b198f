"""Tables of oversight: what verifications found, and what asks for an explanation."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id


class LogVerification(Model):
    """What one verification of the log found (controle van het logboek).

    It stands in another store than the log itself, so `size` and `root` (hex) of a log that was
    whole show whether it was rewritten or cut short since. `first_bad` is the number of the first
    entry that is not as it was written; `why` is a technical sentence in English.
    """

    __tablename__ = "log_verification"
    __table_args__ = (Index("ix_log_verification_at", "at"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    first_bad: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(300), default="")


class RecordCheck(Model):
    """What one check of all stored records found (controle van de gegevens).

    `problems` counts them; `first_problems` are lines "check: id in hex", without content.
    """

    __tablename__ = "record_check"
    __table_args__ = (Index("ix_record_check_at", "at"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    cases: Mapped[int]
    keys: Mapped[int]
    problems: Mapped[int]
    first_problems: Mapped[list[str]] = mapped_column(JSON)


class ReviewItem(Model):
    """An access that asks for an explanation (te verklaren toegang), until somebody closes it.

    `seq` is the entry of the log, `pattern` the rule that fits, `facts` its numbers as JSON. Who
    acted, for whom and in which case stand here as the log has them, in hex.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        UniqueConstraint("pattern", "seq", name="uq_review_item"),
        Index("ix_review_open", "closed_at", "seq"),
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    pattern: Mapped[str] = mapped_column(String(30))
    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[str] = mapped_column(String(32))
    facts: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[bytes | None] = mapped_column(IdColumn)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    remark: Mapped[str] = mapped_column(Text, default="")


class ReviewLimit(Model):
    """A proposed or agreed value of a limit (voorstel voor een grenswaarde).

    It counts from the moment a second person approved it; the newest that did is in use.
    """

    __tablename__ = "review_limit"

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(30))
    value: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[bytes] = mapped_column(IdColumn)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[bytes | None] = mapped_column(IdColumn)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MonitoringConsent(Model):
    """The consent of a works council to these checks (instemming van de ondernemingsraad).

    Without it no rule runs on the staff of an organisation; the log itself always runs
    (WOR 27(1)(k), (l)).
    """

    __tablename__ = "monitoring_consent"

    organisation_id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True)
    consented_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[bytes] = mapped_column(IdColumn)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CitizenExtract(Model):
    """Who saw a youth, as it is given to the youth or the parents (uittreksel), AVG 15.

    It holds which entries of the log it tells of, never what they say: that is read from the log
    each time, so the text goes when the log does. Nothing changes any more once it was released.
    """

    __tablename__ = "citizen_extract"
    __table_args__ = (Index("ix_extract_case", "case_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn)
    organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_on: Mapped[date]
    since: Mapped[date]
    until: Mapped[date]
    prepared_by: Mapped[bytes] = mapped_column(IdColumn)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[bytes | None] = mapped_column(IdColumn)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExtractLine(Model):
    """One sentence of an extract: the entries it tells of, and whether it is given (regel).

    `part` is the kind of care that part of these acts needs, empty for what is ordinary in them;
    `ruling` is empty until an officer decided.
    """

    __tablename__ = "citizen_extract_line"
    __table_args__ = (UniqueConstraint("extract_id", "position", name="uq_extract_line"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    extract_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("citizen_extract.id"))
    position: Mapped[int]
    entries: Mapped[list[int]] = mapped_column(JSON)
    part: Mapped[str] = mapped_column(String(20), default="")
    ruling: Mapped[str] = mapped_column(String(20), default="")
