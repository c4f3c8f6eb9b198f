"""Reads of the agreements room, and the compiled table of a version."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import defer

from config.database import db
from pga.agreements.editions import catalogue_of
from pga.agreements.models import (
    Agreement,
    AgreementEdit,
    AgreementState,
    AgreementStep,
    ClauseCheck,
    Party,
    Signature,
    SignedPaper,
)
from pga.policy.catalogue import Catalogue
from pga.policy.compile import Table, compile_document
from pga.policy.document import parse
from pga.policy.holding import HeldTable
from pga.policy.violations import GuardrailError

TABLES_KEPT = 128


@lru_cache(maxsize=TABLES_KEPT)
def compiled(document: str, catalogue: Catalogue | None = None) -> Table:
    """Compile the text of an agreement; under one edition a text is compiled once per process.

    Text and edition are the key, so a changed agreement can never meet a table of another one, nor
    one that another edition cut. Raises GuardrailError for a text that breaks a limit; without a
    catalogue, one of the program.
    """
    return compile_document(parse(document), catalogue)


@lru_cache(maxsize=TABLES_KEPT)
def _compiled_in_force(document: str, catalogue: Catalogue) -> Table:
    """Compile a text that is in force already; what breaks a limit of the edition is shut."""
    try:
        return compiled(document, catalogue)
    except GuardrailError as error:
        return HeldTable(parse(document), catalogue, error.violations)


def table_of(agreement: Agreement) -> Table:
    """Give the decision table of a version under the edition of the limits in force.

    Where a newer edition forbids what was signed, that is shut. Raises UnsoundEditionError.
    """
    return _compiled_in_force(agreement.document, catalogue_of(agreement))


def table_under(agreement: Agreement, catalogue: Catalogue) -> Table:
    """Give the decision table that a version has, or had, under an edition."""
    return _compiled_in_force(agreement.document, catalogue)


_BY_ID = (
    select(Agreement)
    .where(Agreement.id.in_(bindparam("ids", expanding=True)))
    .execution_options(populate_existing=True)
)
_PARTIES = (
    select(Party)
    .where(Party.agreement_id.in_(bindparam("ids", expanding=True)))
    .order_by(Party.partner, Party.id)
    .execution_options(populate_existing=True)
)


def agreements_by_id(agreement_ids: Collection[bytes]) -> dict[bytes, Agreement]:
    """Read these versions, as they are committed now."""
    rows = db.session.scalars(_BY_ID, {"ids": list(agreement_ids)})
    return {row.id: row for row in rows}


def parties_of(agreement_ids: Collection[bytes]) -> Mapping[bytes, list[Party]]:
    """Read the parties of these versions, signed or not."""
    found: dict[bytes, list[Party]] = defaultdict(list)
    for row in db.session.scalars(_PARTIES, {"ids": list(agreement_ids)}):
        found[row.agreement_id].append(row)
    return found


def is_in_force(agreement: Agreement, today: date) -> bool:
    """Tell whether a version holds today: active and within its term, last day included (R-01)."""
    return (
        agreement.state == AgreementState.ACTIVE
        and agreement.valid_from <= today <= agreement.valid_until
    )


def has_signed(party: Party, today: date) -> bool:
    """Tell whether a party takes part today: signed and not left."""
    return (
        party.signed_on is not None
        and party.signed_on <= today
        and (party.left_on is None or party.left_on > today)
    )


def in_force(municipality: str, track: str, today: date) -> Agreement | None:
    """Read the version in force for a municipality and track; None when there is none (R-01).

    On the first day of a version activated ahead, the one it replaces may still be there.
    """
    return db.session.scalar(
        select(Agreement)
        .where(
            Agreement.municipality == municipality,
            Agreement.track == track,
            Agreement.state == AgreementState.ACTIVE,
            Agreement.valid_from <= today,
            Agreement.valid_until >= today,
        )
        .order_by(Agreement.valid_from.desc(), Agreement.activated_at.desc())
        .limit(1)
    )


def running(municipalities: Collection[str] | None, today: date) -> Sequence[Agreement]:
    """Read the local versions in force of these municipalities, or of all, the first to end first.

    A model is no agreement of anybody, so it is left out.
    """
    wanted = select(Agreement).where(
        Agreement.state == AgreementState.ACTIVE,
        Agreement.municipality != "",
        Agreement.valid_from <= today,
        Agreement.valid_until >= today,
    )
    if municipalities is not None:
        wanted = wanted.where(Agreement.municipality.in_(municipalities))
    return db.session.scalars(
        wanted.order_by(Agreement.valid_until, Agreement.municipality, Agreement.track)
    ).all()


def agreements_of(municipalities: Collection[str]) -> Sequence[Agreement]:
    """Read every version of these municipalities, newest term first."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.municipality.in_(municipalities))
        .order_by(Agreement.municipality, Agreement.track, Agreement.valid_from.desc())
    ).all()


_WITHOUT_TEXT = defer(Agreement.document, raiseload=True)


def shelf(municipalities: Collection[str]) -> Sequence[Agreement]:
    """Read every version of these places without its text, the newest term first.

    An empty place stands for the regional models.
    """
    return db.session.scalars(
        select(Agreement)
        .options(_WITHOUT_TEXT)
        .where(Agreement.municipality.in_(set(municipalities)))
        .order_by(Agreement.municipality, Agreement.track.desc(), Agreement.valid_from.desc())
    ).all()


def line_of(agreement: Agreement) -> Sequence[Agreement]:
    """Read every version of the same place and track without its text, the oldest term first."""
    return db.session.scalars(
        select(Agreement)
        .options(_WITHOUT_TEXT)
        .where(Agreement.municipality == agreement.municipality, Agreement.track == agreement.track)
        .order_by(Agreement.valid_from, Agreement.created_at)
    ).all()


def overtaken_by(agreement: Agreement) -> Sequence[Agreement]:
    """Read the other versions of the same place and track that still hold or are suspended."""
    return db.session.scalars(
        select(Agreement).where(
            Agreement.municipality == agreement.municipality,
            Agreement.track == agreement.track,
            Agreement.id != agreement.id,
            Agreement.state.in_({AgreementState.ACTIVE, AgreementState.SUSPENDED}),
        )
    ).all()


def due_to_change(today: date) -> Sequence[Agreement]:
    """Read the versions in force whose term is over, or whose first day has come."""
    return db.session.scalars(
        select(Agreement)
        .where(
            or_(
                Agreement.state.in_({AgreementState.ACTIVE, AgreementState.SUSPENDED})
                & (Agreement.valid_until < today),
                (Agreement.state == AgreementState.ACTIVE) & (Agreement.valid_from <= today),
            )
        )
        .order_by(Agreement.valid_from.desc(), Agreement.activated_at.desc())
    ).all()


def steps_of(agreement_ids: Collection[bytes]) -> Sequence[AgreementStep]:
    """Read the steps of these versions in the order they were taken."""
    return db.session.scalars(
        select(AgreementStep)
        .where(AgreementStep.agreement_id.in_(set(agreement_ids)))
        .order_by(AgreementStep.taken_at, AgreementStep.epoch, AgreementStep.id)
    ).all()


def signatures_of(agreement_id: bytes) -> Sequence[Signature]:
    """Read the signatures of a version in the order they were given."""
    return db.session.scalars(
        select(Signature)
        .where(Signature.agreement_id == agreement_id)
        .order_by(Signature.signed_at, Signature.id)
    ).all()


def clause_checks(agreement_ids: Collection[bytes]) -> Sequence[ClauseCheck]:
    """Read what lawyers said of the clauses of these versions, the oldest first."""
    return db.session.scalars(
        select(ClauseCheck)
        .where(ClauseCheck.agreement_id.in_(set(agreement_ids)))
        .order_by(ClauseCheck.made_at, ClauseCheck.id)
    ).all()


def papers_of(agreement_id: bytes) -> Sequence[SignedPaper]:
    """Read what there is of signatures on paper, without the sealed scans."""
    return db.session.scalars(
        select(SignedPaper)
        .options(defer(SignedPaper.sealed, raiseload=True))
        .where(SignedPaper.agreement_id == agreement_id)
        .order_by(SignedPaper.uploaded_at, SignedPaper.id)
    ).all()


def edits(agreement_id: bytes) -> Sequence[AgreementEdit]:
    """Read every change of a version, the newest first."""
    return db.session.scalars(
        select(AgreementEdit)
        .where(AgreementEdit.agreement_id == agreement_id)
        .order_by(AgreementEdit.revision.desc())
    ).all()
