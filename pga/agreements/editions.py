"""Reads of the editions of the limits: which is in force, and the catalogue behind its hash.

The edition in force is read with each version of an agreement, in one statement: there is no moment
in which an agreement decides by another edition than the one that was in force when it was read.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import select

from config.database import db
from config.errors import ApplicationError
from pga.agreements.models import Agreement, AgreementState, GuardrailEdition
from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.limits import EDITIONS_KEPT
from pga.policy.nodes import DocumentError

IN_USE = frozenset(AgreementState) - {
    AgreementState.EXPIRED,
    AgreementState.TERMINATED,
    AgreementState.SUPERSEDED,
}
"""States of versions that an edition can still change anything for."""


class UnsoundEditionError(ApplicationError):
    """The edition in force cannot be read, or says something else than was approved."""

    status = 503
    code = "unsound-edition"
    message = "The edition of the statutory limits is not what was approved. Nothing is shared."


def catalogue_of(agreement: Agreement) -> Catalogue:
    """Give the edition in force when a version was read; that of the program where none is.

    Raises UnsoundEditionError.
    """
    return _by_hash(agreement.limits_sha256)


def catalogue_in_force() -> Catalogue:
    """Read the edition in force now; raises UnsoundEditionError."""
    found = edition_in_force()
    return current() if found is None else _by_hash(found.sha256)


def _by_hash(sha256: str | None) -> Catalogue:
    """Give a catalogue by what it says."""
    return current() if sha256 is None or sha256 == current().sha256 else _stored(sha256)


@lru_cache(maxsize=EDITIONS_KEPT)
def _stored(sha256: str) -> Catalogue:
    """Read a stored edition once per process: what it says is what its hash says."""
    text = db.session.scalar(
        select(GuardrailEdition.document).where(
            GuardrailEdition.sha256 == sha256, GuardrailEdition.in_force_since.is_not(None)
        )
    )
    try:
        found = parse_catalogue(text or "")
    except DocumentError as error:
        raise UnsoundEditionError from error
    if found.sha256 != sha256:
        raise UnsoundEditionError
    return found


def catalogue_named(edition: str) -> Catalogue | None:
    """Read an edition that is or was in force by its name; None where there is none.

    Raises UnsoundEditionError.
    """
    if edition == current().edition:
        return current()
    sha256 = db.session.scalar(
        select(GuardrailEdition.sha256).where(
            GuardrailEdition.edition == edition, GuardrailEdition.in_force_since.is_not(None)
        )
    )
    return None if sha256 is None else _by_hash(sha256)


def catalogues_named(names: Collection[str]) -> dict[str, Catalogue]:
    """Read the editions with these names that are or were in force; one query.

    A name of none is left out. Raises UnsoundEditionError.
    """
    found = {current().edition: current()}
    rows = db.session.execute(
        select(GuardrailEdition.edition, GuardrailEdition.sha256).where(
            GuardrailEdition.edition.in_(names), GuardrailEdition.in_force_since.is_not(None)
        )
    )
    return found | {edition: _by_hash(sha256) for edition, sha256 in rows}


def edition_in_force() -> GuardrailEdition | None:
    """Read the stored edition in force; None while that of the program is."""
    return db.session.scalar(
        select(GuardrailEdition)
        .where(GuardrailEdition.in_force_since.is_not(None))
        .order_by(GuardrailEdition.in_force_since.desc(), GuardrailEdition.id)
        .limit(1)
    )


def catalogue_before(row: GuardrailEdition) -> Catalogue:
    """Give the edition that was in force until this one was; that of the program where none was.

    Raises UnsoundEditionError.
    """
    sha256 = db.session.scalar(
        select(GuardrailEdition.sha256)
        .where(GuardrailEdition.in_force_since < row.in_force_since)
        .order_by(GuardrailEdition.in_force_since.desc(), GuardrailEdition.id)
        .limit(1)
    )
    return _by_hash(sha256)


def editions() -> Sequence[GuardrailEdition]:
    """Read every stored edition, the newest proposal first."""
    return db.session.scalars(
        select(GuardrailEdition).order_by(GuardrailEdition.proposed_at.desc(), GuardrailEdition.id)
    ).all()


def edition_by_id(edition_id: bytes) -> GuardrailEdition | None:
    """Read one edition, as it is committed now."""
    return db.session.scalar(
        select(GuardrailEdition)
        .where(GuardrailEdition.id == edition_id)
        .execution_options(populate_existing=True)
    )


def versions_in_use() -> Sequence[Agreement]:
    """Read every version, of models too, that an edition can still change anything for."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.state.in_(IN_USE))
        .order_by(Agreement.municipality, Agreement.track.desc(), Agreement.valid_from.desc())
    ).all()
