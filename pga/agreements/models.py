"""Tables of the agreements room: versions, how they were drafted and tested, and who signed."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id
from pga.agreements.rules import AgreementState, Capacity

__all__ = [
    "LIMITS_IN_FORCE",
    "Agreement",
    "AgreementEdit",
    "AgreementState",
    "AgreementStep",
    "Capacity",
    "ClauseCheck",
    "GuardrailEdition",
    "Party",
    "Signature",
    "SignedPaper",
]

HASH_HEX = 64


class GuardrailEdition(Model):
    """A version of the catalogue of statutory limits (uitgave van de wettelijke grenzen).

    It comes into force when two people who did not propose it have approved it; until then who
    proposed it can withdraw it. Of those in force the newest holds, for every agreement.
    """

    __tablename__ = "guardrail_edition"
    __table_args__ = (UniqueConstraint("edition", name="uq_guardrail_edition"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    edition: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(HASH_HEX))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[bytes] = mapped_column(IdColumn)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_approved_by: Mapped[bytes | None] = mapped_column(IdColumn)
    first_approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_approved_by: Mapped[bytes | None] = mapped_column(IdColumn)
    second_approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_force_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


LIMITS_IN_FORCE: Final = (
    select(GuardrailEdition.sha256)
    .where(GuardrailEdition.in_force_since.is_not(None))
    .order_by(GuardrailEdition.in_force_since.desc(), GuardrailEdition.id)
    .limit(1)
    .scalar_subquery()
)
"""The hash of the edition in force, to read along with a version; nothing while there is none."""


class Agreement(Model):
    """One version of a local agreement (convenant) for one municipality and one track.

    The document is the agreement: it compiles to the decision table. `municipality` is empty in a
    regional model; `model_id` is the version of the model that a local one follows, `previous_id`
    the version it is to replace. `revision` rises with every edit of the text, `epoch` with every
    change of state, so that a decision made before the change opens nothing after it.
    `limits_sha256` is the edition of the limits in force when the row was read, read along with it
    in one statement; None while that of the program is.
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
    policy_hash: Mapped[str] = mapped_column(String(HASH_HEX))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    epoch: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    model_id: Mapped[bytes | None] = mapped_column(IdColumn)
    previous_id: Mapped[bytes | None] = mapped_column(IdColumn)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    limits_sha256: Mapped[str | None] = column_property(LIMITS_IN_FORCE)


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


class AgreementEdit(Model):
    """One change of a draft (wijziging): where, before, after, why and by whom.

    `place` is the short name of what changed, `kind` and `change` are the change itself as data,
    `undone_by` the revision that took it back.
    """

    __tablename__ = "agreement_edit"
    __table_args__ = (UniqueConstraint("agreement_id", "revision", name="uq_edit_revision"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    revision: Mapped[int]
    place: Mapped[str] = mapped_column(String(120))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    undoes: Mapped[int | None]
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgreementStep(Model):
    """A recorded change of state of a version (overgang van een convenant), with its grounds.

    `reference`, `decided_on`, `outcome` and `remark` hold the DPIA with the advice on it, the
    notice of termination or the reason that the step rests on. `epoch` is that of the version
    after the step, and gives the steps their order.
    """

    __tablename__ = "agreement_step"
    __table_args__ = (Index("ix_step_agreement", "agreement_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    what: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20))
    policy_hash: Mapped[str] = mapped_column(String(HASH_HEX))
    person_id: Mapped[bytes | None] = mapped_column(IdColumn)
    reference: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(30), default="", server_default="")
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    remark: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClauseCheck(Model):
    """A named lawyer confirms a clause or objects to it (juridische toets).

    `clause_hash` is the SHA-256 of what was tested: a clause that changes is to be tested anew.
    """

    __tablename__ = "agreement_clause_check"
    __table_args__ = (Index("ix_check_agreement", "agreement_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    clause_id: Mapped[str] = mapped_column(String(100))
    clause_hash: Mapped[str] = mapped_column(String(HASH_HEX))
    is_confirmed: Mapped[bool]
    remark: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Signature(Model):
    """A signature for one version (ondertekening): by whom, for which body, in which capacity.

    It holds for `policy_hash` and `document_hash` alone. It claims no level of eIDAS: it is the
    act of a signed-in person, entered in the log, and `proof` tells what that person proved. Of a
    signature on paper `person_id` recorded it, and `paper_on` is the day that stands on it.
    """

    __tablename__ = "agreement_signature"
    __table_args__ = (
        Index("ix_signature_agreement", "agreement_id"),
        UniqueConstraint("party_id", name="uq_signature_party"),
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    party_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement_party.id"))
    policy_hash: Mapped[str] = mapped_column(String(HASH_HEX))
    document_hash: Mapped[str] = mapped_column(String(HASH_HEX))
    body: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[str] = mapped_column(String(20))
    mandate_number: Mapped[str] = mapped_column(String(100), default="")
    mandate_scope: Mapped[str] = mapped_column(Text, default="")
    mandate_on: Mapped[date | None]
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    proof: Mapped[str] = mapped_column(String(20), default="", server_default="")
    paper_id: Mapped[bytes | None] = mapped_column(IdColumn, ForeignKey("agreement_paper.id"))
    paper_on: Mapped[date | None]
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignedPaper(Model):
    """The scan of a signature on paper (ondertekend papier), sealed with a key of its own."""

    __tablename__ = "agreement_paper"
    __table_args__ = (Index("ix_paper_agreement", "agreement_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    party_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement_party.id"))
    media_type: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(HASH_HEX))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary(200))
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
