"""Tables of the sharing room. Reasons and names are sealed items; here stand only their ids."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id
from pga.cases.models import BOUND_BY


class GuardianRelation(Model):
    """A holder of parental authority or a guardian of the youth (gezag of voogdij).

    The name is a sealed item. Every one of them counts for a release: one missing or disagreeing
    means the release is not met (Jeugdwet 7.3.4, 7.3.5; to verify).
    """

    __tablename__ = "guardian_relation"
    __table_args__ = (Index("ix_guardian_case", "case_id"), {"info": {BOUND_BY: "case_id"}})

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(30))
    checked_on: Mapped[date]
    is_disputed: Mapped[bool] = mapped_column(default=False)
    organisation_id: Mapped[bytes | None] = mapped_column(IdColumn)
    item_id: Mapped[bytes | None] = mapped_column(IdColumn)
    ended_on: Mapped[date | None]


class SecrecyRelease(Model):
    """A way out of professional secrecy (vrijgave van het beroepsgeheim), R-16, R-23.

    It meets a condition that a cell of the agreement names and is never a legal basis (R-24). Its
    scope never changes: to widen it is a new release. It opens nothing until the bound
    professional of the provider has confirmed it.
    """

    __tablename__ = "secrecy_release"
    __table_args__ = (Index("ix_release_case", "case_id"), {"info": {BOUND_BY: "case_id"}})

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(20))
    provider_organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    provider: Mapped[str] = mapped_column(String(4))
    categories: Mapped[list[str]] = mapped_column(JSON)
    recipients: Mapped[list[str]] = mapped_column(JSON)
    purpose: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    text_version: Mapped[str] = mapped_column(String(20))
    language_level: Mapped[str] = mapped_column(String(4))
    way: Mapped[str] = mapped_column(String(20))
    asked_on: Mapped[date]
    asked_by: Mapped[bytes] = mapped_column(IdColumn)
    age_when_asked: Mapped[int | None]
    rests_on_representative: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[bytes | None] = mapped_column(IdColumn)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[bytes | None] = mapped_column(IdColumn)
    item_id: Mapped[bytes | None] = mapped_column(IdColumn)


class ReleaseAnswer(Model):
    """What one person who must answer said to a release (antwoord op een vrijgave)."""

    __tablename__ = "release_answer"
    __table_args__ = (Index("ix_answer_release", "release_id"), {"info": {BOUND_BY: "release_id"}})

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    release_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("secrecy_release.id"))
    guardian_id: Mapped[bytes | None] = mapped_column(IdColumn)
    answer: Mapped[str] = mapped_column(String(20))
    answered_on: Mapped[date]
    item_id: Mapped[bytes | None] = mapped_column(IdColumn)


class VoluntaryConsent(Model):
    """Consent to voluntary help or taking part (toestemming voor vrijwillige hulp).

    It opens nothing: another record type than a release on purpose (R-24).
    """

    __tablename__ = "voluntary_consent"
    __table_args__ = (Index("ix_consent_case", "case_id"), {"info": {BOUND_BY: "case_id"}})

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    partner: Mapped[str] = mapped_column(String(4))
    way: Mapped[str] = mapped_column(String(20))
    text_version: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date]
    valid_until: Mapped[date]
    asked_by: Mapped[bytes] = mapped_column(IdColumn)
    item_id: Mapped[bytes | None] = mapped_column(IdColumn)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[bytes | None] = mapped_column(IdColumn)


class DisclosureDecision(Model):
    """A written decision to provide police or judicial data (verstrekkingsbesluit), R-11..R-15.

    Without a case it is structural: it holds for every case of its municipality. Article,
    purpose, categories, recipients and term are each checked, at providing and at consulting.
    """

    __tablename__ = "disclosure_decision"
    __table_args__ = (
        Index("ix_decision_case", "case_id"),
        Index("ix_decision_place", "municipality"),
        {"info": {BOUND_BY: "case_id"}},
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes | None] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    municipality: Mapped[str] = mapped_column(String(6))
    provider_organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    provider: Mapped[str] = mapped_column(String(4))
    article: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(60))
    purposes: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    recipients: Mapped[list[str]] = mapped_column(JSON)
    conditions: Mapped[str] = mapped_column(String(500), default="")
    authority: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date]
    valid_until: Mapped[date]
    recorded_by: Mapped[bytes] = mapped_column(IdColumn)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WeighingNote(Model):
    """Why sharing one category with these recipients is needed (weegnotitie).

    The four answers are a sealed item. One note serves its case, category and recipients until
    its review date; after that day it closes what rests on it.
    """

    __tablename__ = "weighing_note"
    __table_args__ = (Index("ix_note_case", "case_id"), {"info": {BOUND_BY: "case_id"}})

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    partner: Mapped[str] = mapped_column(String(4))
    category: Mapped[str] = mapped_column(String(8))
    recipients: Mapped[list[str]] = mapped_column(JSON)
    review_on: Mapped[date]
    author_id: Mapped[bytes] = mapped_column(IdColumn)
    approved_by: Mapped[bytes | None] = mapped_column(IdColumn)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    item_id: Mapped[bytes | None] = mapped_column(IdColumn)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
