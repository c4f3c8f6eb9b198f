"""Reads for who drafts: the versions beside one, and what was changed in it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from config.database import db
from pga.agreements.models import Agreement, AgreementEdit, AgreementState


class VersionBeside(NamedTuple):
    """A version of the same place and track, or a model of that track, without its text."""

    id: bytes
    municipality: str
    name: str
    version: str
    state: str


_BESIDE = (
    Agreement.id,
    Agreement.municipality,
    Agreement.name,
    Agreement.version,
    Agreement.state,
)


def versions_beside(agreement: Agreement) -> Sequence[VersionBeside]:
    """List the other versions that one can be compared with, models last, the newest first."""
    rows = db.session.execute(
        select(*_BESIDE)
        .where(
            Agreement.municipality.in_({agreement.municipality, ""}),
            Agreement.track == agreement.track,
            Agreement.id != agreement.id,
        )
        .order_by(Agreement.municipality.desc(), Agreement.created_at.desc())
    )
    return [VersionBeside(*row) for row in rows]


def edits_of(agreement_id: bytes, *, before: int | None = None, most: int) -> list[AgreementEdit]:
    """Read the newest changes of a version, perhaps only those before a revision."""
    wanted = select(AgreementEdit).where(AgreementEdit.agreement_id == agreement_id)
    if before is not None:
        wanted = wanted.where(AgreementEdit.revision < before)
    return list(db.session.scalars(wanted.order_by(AgreementEdit.revision.desc()).limit(most)))


def edit_at(agreement_id: bytes, revision: int) -> AgreementEdit | None:
    """Read the change that made a revision."""
    return db.session.scalar(
        select(AgreementEdit).where(
            AgreementEdit.agreement_id == agreement_id, AgreementEdit.revision == revision
        )
    )


def last_edit_of(agreement_id: bytes, *places: str) -> AgreementEdit | None:
    """Read the newest change of one of these places."""
    return db.session.scalar(
        select(AgreementEdit)
        .where(AgreementEdit.agreement_id == agreement_id, AgreementEdit.place.in_(places))
        .order_by(AgreementEdit.revision.desc())
        .limit(1)
    )


def models_in_force() -> Sequence[VersionBeside]:
    """List the regional models that an agreement can be derived from, the newest first."""
    rows = db.session.execute(
        select(*_BESIDE)
        .where(Agreement.municipality == "", Agreement.state == AgreementState.ACTIVE)
        .order_by(Agreement.track.desc(), Agreement.created_at.desc())
    )
    return [VersionBeside(*row) for row in rows]


def newest_model(track: str) -> Agreement | None:
    """Read the regional model of a track that came into force last."""
    return db.session.scalar(
        select(Agreement)
        .where(
            Agreement.municipality == "",
            Agreement.track == track,
            Agreement.state == AgreementState.ACTIVE,
        )
        .order_by(Agreement.created_at.desc(), Agreement.id)
        .limit(1)
    )
