"""Is what runs what was entered? Versions in force, held against the log.

The rows of a version are plain, and they decide. Whoever owns the database can change the text, the
term or the signatures of a version, but not the entries of the steps that brought it into force.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import select

from audit.entries import Entry
from config.database import db
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.rules import Step
from pga.policy.document import DocumentError, parse
from pga.policy.writing import hash_of

SIGNED: Final = "sign"
TO_FORCE: Final = frozenset({Step.ACTIVATE, Step.RESUME, Step.PUBLISH_MODEL})
OUT_OF_FORCE: Final = frozenset(
    {
        Step.SUSPEND,
        Step.TERMINATE,
        AgreementState.SUSPENDED,
        AgreementState.EXPIRED,
        AgreementState.TERMINATED,
        AgreementState.SUPERSEDED,
    }
)


def not_as_entered(changes: Iterable[Entry]) -> list[bytes]:
    """Give the versions in force that say, last or bind otherwise than the log has.

    `changes` are all entries of changes of agreements, oldest first.
    """
    running = db.session.scalars(
        select(Agreement).where(Agreement.state == AgreementState.ACTIVE).order_by(Agreement.id)
    ).all()
    parties = queries.parties_of([one.id for one in running])
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in changes:
        entries[entry.object].append(entry)
    return [
        one.id
        for one in running
        if not _is_as_entered(one, parties.get(one.id, ()), entries[one.id.hex()])
    ]


def _is_as_entered(
    agreement: Agreement, parties: Collection[Party], entries: Sequence[Entry]
) -> bool:
    """Tell whether text, term, state and signatures of a version in force are those entered."""
    moves = [one for one in entries if one.facts.get("change") in TO_FORCE | OUT_OF_FORCE]
    signed = {one.facts.get("partner") for one in entries if one.facts.get("change") == SIGNED}
    return (
        bool(moves)
        and entries[-1].policy_hash == agreement.policy_hash
        and _says(agreement)
        and _runs(agreement, moves[-1])
        and {party.partner for party in parties if party.signed_on} <= signed
    )


def _says(agreement: Agreement) -> bool:
    """Tell whether the text is the one of the hash, and the row what the text says of itself."""
    try:
        document = parse(agreement.document)
    except DocumentError:
        return False
    header = document.agreement
    return (
        hash_of(document) == agreement.policy_hash
        and header.municipality == agreement.municipality
        and header.version == agreement.version
        and document.tracks[0] == agreement.track
        and header.valid_from <= agreement.valid_from
        and agreement.valid_until <= header.valid_until
    )


def _runs(agreement: Agreement, last: Entry) -> bool:
    """Tell whether the last move brought it into force, or ends it on a day that stands."""
    if last.facts.get("change") == Step.TERMINATE:
        return last.facts.get("last_day") == agreement.valid_until.isoformat()
    return last.facts.get("change") in TO_FORCE
