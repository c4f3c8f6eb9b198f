"""Tables of sealed records: ciphertext in the app store, wrapped keys in the keys store.

A dump of either one alone shows no content: the app store has no key, the keys store no record.
"""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from config.database import IdColumn, Model, UtcDateTime, keys_metadata
from config.ids import new_id
from pga.records.rules import KID_BYTES, ItemStatus

TOKEN_BYTES = 16


class SealedItem(Model):
    """One sealed item of a case (bijdrage, interventie, afspraak, signaal), R-05.

    The content is in `blob`; everything else is plain, because the decision needs it, and is
    bound by the manifest of the case. Change it through records.service.write only.
    """

    __tablename__ = "sealed_item"
    __table_args__ = (Index("ix_item_case", "case_id", "row_version"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    owner_organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    owner_partner: Mapped[str] = mapped_column(String(4))
    author_person_id: Mapped[bytes] = mapped_column(IdColumn)
    category: Mapped[str] = mapped_column(String(8))
    purpose: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=ItemStatus.CURRENT)
    row_version: Mapped[int] = mapped_column(default=1)
    kid: Mapped[bytes] = mapped_column(LargeBinary(KID_BYTES))
    blob: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    responsible_person_id: Mapped[bytes | None] = mapped_column(IdColumn)


class ItemVersion(Model):
    """What an item said before it was corrected (eerdere versie); sealed as it was.

    The bytes are those of the item, sealed for its id and this version: nothing is opened to
    keep them. The manifest counts these rows too.
    """

    __tablename__ = "item_version"
    __table_args__ = (Index("ix_version_case", "case_id", "row_version"),)

    item_id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True)
    row_version: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    category: Mapped[str] = mapped_column(String(8))
    kid: Mapped[bytes] = mapped_column(LargeBinary(KID_BYTES))
    blob: Mapped[bytes] = mapped_column(LargeBinary)
    author_person_id: Mapped[bytes] = mapped_column(IdColumn)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseManifest(Model):
    """The leaves of the manifest of one case (inhoudslijst): what each of its rows must be.

    The manifest in the case and in the log authenticates these bytes, so one row can be checked
    without reading all others. `skeleton` seals the plain rows of the case at its version.
    """

    __tablename__ = "case_manifest"

    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"), primary_key=True)
    leaves: Mapped[bytes] = mapped_column(LargeBinary)
    skeleton: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Draft(Model):
    """Unfinished text of one person (concept), readable by its author alone, for 14 days."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_person", "person_id"),
        Index("ix_draft_updated", "updated_at"),
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    case_id: Mapped[bytes | None] = mapped_column(IdColumn)
    form: Mapped[str] = mapped_column(String(40))
    kid: Mapped[bytes] = mapped_column(LargeBinary(KID_BYTES))
    blob: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


case_key = Table(
    "case_key",
    keys_metadata,
    Column("case_id", IdColumn, primary_key=True),
    Column("tenant", String(6), nullable=False),
    Column("kek_version", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
"""The root key of each case, wrapped by the KEK."""

data_key = Table(
    "data_key",
    keys_metadata,
    Column("kid", LargeBinary(KID_BYTES), primary_key=True),
    Column("case_id", IdColumn, nullable=False),
    Column("category", String(8), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("case_id", "category", "generation"),
)
"""The data keys of each case and category, wrapped by the root key of the case."""

draft_key = Table(
    "draft_key",
    keys_metadata,
    Column("kid", LargeBinary(KID_BYTES), primary_key=True),
    Column("draft_id", IdColumn, nullable=False, index=True),
    Column("kek_version", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
"""The key of each saved draft, wrapped by the KEK; a new one with every save."""

identity_index = Table(
    "identity_index",
    keys_metadata,
    Column("id", IdColumn, primary_key=True),
    Column("region", String(6), nullable=False),
    Column("index_name", String(20), nullable=False),
    Column("token", LargeBinary(TOKEN_BYTES), nullable=False),
    Column("handle", LargeBinary, nullable=False),
    Column("created_on", Date, nullable=False),
    Index("ix_identity_token", "token"),
)
"""Pseudonyms of youths with an encrypted handle to their case; the day is coarse on purpose."""

legal_hold = Table(
    "legal_hold",
    keys_metadata,
    Column("case_id", IdColumn, primary_key=True),
    Column("reason", String(500), nullable=False),
    Column("placed_by", IdColumn, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
)
"""Cases that may not be destroyed now (bewaarplicht door geschil of onderzoek)."""

destruction_record = Table(
    "destruction_record",
    keys_metadata,
    Column("id", IdColumn, primary_key=True),
    Column("case_id", IdColumn, nullable=False),
    Column("category", String(8), nullable=True),
    Column("basis", String(200), nullable=False),
    Column("proposed_by", IdColumn, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("first_approver", IdColumn, nullable=True),
    Column("first_approved_at", UtcDateTime, nullable=True),
    Column("second_approver", IdColumn, nullable=True),
    Column("second_approved_at", UtcDateTime, nullable=True),
    Column("executed_at", UtcDateTime, nullable=True),
    Column("items", Integer, nullable=True),
)
"""Decisions to destroy a case, or one category of it, and what became of them: no names."""

erasure_ledger = Table(
    "erasure_ledger",
    keys_metadata,
    Column("id", IdColumn, primary_key=True),
    Column("case_id", IdColumn, nullable=False, index=True),
    Column("category", String(8), nullable=True),
    Column("record_id", IdColumn, nullable=False),
    Column("erased_at", UtcDateTime, nullable=False),
)
"""What was shredded, so that it is shredded again after an old backup came back."""
