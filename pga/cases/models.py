"""Tables of the cases room: pseudonymous personal data, never a name or content."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id
from pga.cases.rules import ParticipantTask, WorkKind

__all__ = ["Case", "Participant", "ParticipantTask", "Replacement", "WorkKind", "WorkTask"]

BOUND_BY = "bound_by"
"""In `info` of a table: the column that leads from a row to the case whose skeleton it is part of.

The rows of these tables decide who reads what, so each write of a case seals them as a whole.
"""


class InformDelay(StrEnum):
    """Why informing the youth is put off (uitstel van informeren), AVG 14(5), 23."""

    SAFETY = "safety"
    INVESTIGATION = "investigation"
    RIGHTS_OF_OTHERS = "rights_of_others"


class Case(Model):
    """A person-centred case (casus) of one youth in one municipality and track.

    `version` and `manifest` say what the sealed rows of the case must be; both also stand in the
    log. `epoch` rises with every change of release, participant, decision or state. `born_on` is
    here because age decides before anything may be opened (Sv 486, Jeugdwet 7.3.5).
    `agreement_since` is the day it went over to its version; None for the one it began under.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_subject", "subject_id"),
        Index("ix_case_place", "municipality", "track"),
        {"info": {BOUND_BY: "id"}},
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    subject_id: Mapped[bytes] = mapped_column(IdColumn)
    municipality: Mapped[str] = mapped_column(String(6))
    track: Mapped[str] = mapped_column(String(20))
    agreement_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("agreement.id"))
    agreement_since: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    submitter_organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    born_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=0)
    manifest: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    epoch: Mapped[int] = mapped_column(default=1)
    informed_on: Mapped[date | None]
    delay_reason: Mapped[str | None] = mapped_column(String(20))
    delay_until: Mapped[date | None]
    delay_approved_by: Mapped[bytes | None] = mapped_column(IdColumn)
    review_due_on: Mapped[date | None]
    restricted_on: Mapped[date | None]
    aftercare_organisation_id: Mapped[bytes | None] = mapped_column(IdColumn)
    aftercare_partner: Mapped[str | None] = mapped_column(String(4))
    aftercare_until: Mapped[date | None]
    closed_on: Mapped[date | None]


class Participant(Model):
    """A named person with a task in one case until a date (deelnemer), R-04."""

    __tablename__ = "case_participant"
    __table_args__ = (
        Index("ix_participant_case", "case_id"),
        Index("ix_participant_person", "person_id"),
        {"info": {BOUND_BY: "case_id"}},
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    organisation_id: Mapped[bytes] = mapped_column(IdColumn)
    partner: Mapped[str] = mapped_column(String(4))
    task: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_on: Mapped[date | None]
    added_by: Mapped[bytes] = mapped_column(IdColumn)


class Replacement(Model):
    """A recorded stand-in for a participant until a date (vervanger), R-04."""

    __tablename__ = "case_replacement"
    __table_args__ = (
        Index("ix_replacement_case", "case_id"),
        Index("ix_replacement_person", "person_id"),
        {"info": {BOUND_BY: "case_id"}},
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    participant_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_participant.id"))
    person_id: Mapped[bytes] = mapped_column(IdColumn)
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_by: Mapped[bytes] = mapped_column(IdColumn)


class WorkTask(Model):
    """Something that waits for a person or an organisation in a case (werktaak); no content."""

    __tablename__ = "work_task"
    __table_args__ = (
        Index("ix_work_case", "case_id"),
        Index("ix_work_person", "person_id", "done_at"),
        Index("ix_work_organisation", "organisation_id", "done_at"),
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    case_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[bytes | None] = mapped_column(IdColumn)
    organisation_id: Mapped[bytes | None] = mapped_column(IdColumn)
    partner: Mapped[str | None] = mapped_column(String(4))
    about_id: Mapped[bytes | None] = mapped_column(IdColumn)
    category: Mapped[str | None] = mapped_column(String(8))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[bytes | None] = mapped_column(IdColumn)
