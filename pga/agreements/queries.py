"""Reads of the agreements room, and the compiled table of a version."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam, select

from config.database import db
from pga.agreements.models import Agreement, AgreementState, Party
from pga.policy.compile import Table, compile_document
from pga.policy.document import parse

TABLES_KEPT = 128


@lru_cache(maxsize=TABLES_KEPT)
def compiled(document: str) -> Table:
    """Compile the text of an agreement; the same text is compiled once per process.

    The text is the key, so a changed agreement can never meet a table of another one.
    """
    return compile_document(parse(document))


def table_of(agreement: Agreement) -> Table:
    """Give the decision table of a version."""
    return compiled(agreement.document)


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
    """Read the version in force for a municipality and track; None when there is none (R-01)."""
    return db.session.scalar(
        select(Agreement).where(
            Agreement.municipality == municipality,
            Agreement.track == track,
            Agreement.state == AgreementState.ACTIVE,
            Agreement.valid_from <= today,
            Agreement.valid_until >= today,
        )
    )


def agreements_of(municipalities: Collection[str]) -> Sequence[Agreement]:
    """Read every version of these municipalities, newest term first."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.municipality.in_(municipalities))
        .order_by(Agreement.municipality, Agreement.track, Agreement.valid_from.desc())
    ).all()
