"""Tables of the agreements room: versions of agreements and the parties that signed them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id


class AgreementState(StrEnum):
    """Where a version of an agreement (convenant) stands in its life."""

    DRAFT = "draft"
    SIGNING = "signing"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


class Agreement(Model):
    """One version of a local agreement (convenant) for one municipality and one track.

    The document is the agreement: it compiles to the decision table. `epoch` rises with every
    change of state, so that a decision made before the change opens nothing after it.
    """

    __tablename__ = "agreement"
    __table_args__ = (Index("ix_agreement_place", "municipality", "track", "state"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    municipality: Mapped[str] = mapped_column(String(6))
    track: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=AgreementState.DRAFT)
    document: Mapped[str] = mapped_column(Text)
    policy_hash: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Party(Model):
    """An organisation that takes part in an agreement as one kind of partner (convenantpartij).

    A party that has not signed gets nothing and gives nothing.
    """

    __tablename__ = "agreement_party"
    __table_args__ = (Index("ix_party_agreement", "agreement_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    partner: Mapped[str] = mapped_column(String(4))
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(200), default="")
    signed_as: Mapped[str] = mapped_column(String(200), default="")
    left_on: Mapped[date | None]
