"""Is what was decided for a whole municipality what was entered? Held against the log.

A decision of one case is under the seal of that case. One for every case of a municipality is a
plain row under no seal. Whoever owns the database can put one in, change it or take its withdrawal
away, but not the entries that go before.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from audit.entries import Entry
from config import clock
from config.database import db
from pga.records.skeleton import digest_of
from pga.sharing.models import DisclosureDecision
from pga.sharing.service.decisions import RECORDED


def decisions_for_all() -> Sequence[DisclosureDecision]:
    """Read the decisions that hold for every case of a municipality, today or later."""
    return db.session.scalars(
        select(DisclosureDecision)
        .where(
            DisclosureDecision.case_id.is_(None),
            DisclosureDecision.withdrawn_at.is_(None),
            DisclosureDecision.valid_until >= clock.today(),
        )
        .order_by(DisclosureDecision.id)
    ).all()


def not_as_entered(
    decisions: Iterable[DisclosureDecision], provided: Iterable[Entry]
) -> list[bytes]:
    """Give the decisions that nobody took so, and those that were withdrawn.

    `provided` are all entries of what was provided.
    """
    entered: dict[str, list[tuple[object, object]]] = defaultdict(list)
    for entry in provided:
        if "decision" in entry.facts:
            told = (entry.facts.get("change"), entry.facts.get("sha256"))
            entered[str(entry.facts["decision"])].append(told)
    return [
        one.id for one in decisions if entered[one.id.hex()] != [(RECORDED, digest_of(one).hex())]
    ]
