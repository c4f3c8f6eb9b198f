"""Tables of the changeover: decisions over living cases, and parties that left."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id

HASH_HEX = 64


class CaseMove(Model):
    """A decision that living cases go over to another version (overgangsbesluit).

    The process lead proposes it and a second person approves it. `target_hash` is the policy hash
    of the version as it was decided on: of another text nothing was decided.
    """

    __tablename__ = "case_move"
    __table_args__ = (Index("ix_move_source", "source_id"), Index("ix_move_target", "target_id"))

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    source_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    target_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    target_hash: Mapped[str] = mapped_column(String(HASH_HEX))
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    proposed_by: Mapped[bytes] = mapped_column(IdColumn)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[bytes | None] = mapped_column(IdColumn)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[bytes | None] = mapped_column(IdColumn)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    carried_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MovedCase(Model):
    """A case that went over to another version by a decision (overgegane casus)."""

    __tablename__ = "case_moved"
    __table_args__ = (Index("ix_moved_case", "case_id"),)

    move_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_move.id"), primary_key=True)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"), primary_key=True)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseStay(Model):
    """A case that its lead keeps under the version it has (achterblijvende casus).

    The reason is one of a fixed list: free text about a case would have to be sealed.
    """

    __tablename__ = "case_stay"
    __table_args__ = (UniqueConstraint("move_id", "case_id", name="uq_stay_case"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    move_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_move.id"))
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    reason: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[bytes | None] = mapped_column(IdColumn)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Departure(Model):
    """A party that left the agreement (uittreding): on which notice, who recorded it, and when.

    It left every version of this municipality and track. `remains` counts what stayed behind at
    that moment; the entry with number `log_seq` says the same. `asked_at` is when the leads of its
    cases were all asked to look for others.
    """

    __tablename__ = "agreement_departure"
    __table_args__ = (
        Index("ix_departure_place", "municipality", "track"),
        Index("ix_departure_organisation", "organisation_id"),
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    municipality: Mapped[str] = mapped_column(String(6))
    track: Mapped[str] = mapped_column(String(20))
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    partner: Mapped[str] = mapped_column(String(4))
    notice_on: Mapped[date]
    notice_reference: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[bytes] = mapped_column(IdColumn)
    recorded_as: Mapped[str] = mapped_column(String(20))
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remains: Mapped[dict[str, int]] = mapped_column(JSON)
    log_seq: Mapped[int]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
