"""The table of oversight: what each verification of the log found."""

from datetime import datetime

from sqlalchemy import Index, String
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
