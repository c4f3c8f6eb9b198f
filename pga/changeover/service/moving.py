"""Moving cases: each by a write of its own, entered before and after, its epoch raised.

A case changes only through `records.write`, so what stands sealed in it stays proven: the manifest
is made anew over the same rows, and the log says under which version the case is from now on.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from audit.entries import Action, Actor, Entry
from config import clock
from config.database import db
from config.errors import ConflictError, NotFoundError
from pga.cases import queries as cases
from pga.cases import service as case_service
from pga.cases.rules import ENDED, CaseState
from pga.changeover import queries
from pga.changeover.models import MovedCase
from pga.records import service as records
from pga.records.errors import CaseFaultError

WORKER = Actor(person="", organisation="", partner="", role="worker", session="", auth_level="")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Going:
    """What a decision says, as plain values: rows would be read anew after every commit."""

    move_id: bytes
    source_id: bytes
    source_hash: str
    target_id: bytes
    target_version: str
    target_hash: str
    reason: str
    proposed_by: bytes
    approved_by: bytes


@dataclass(frozen=True, slots=True)
class Mover:
    """In whose name cases are moved; `membership` is empty for the worker."""

    actor: Actor = WORKER
    membership: str = ""


def move_cases(going: Going, case_ids: Iterable[bytes], mover: Mover) -> None:
    """Bring cases under another version, one after the other.

    A case that does not match the log, or is gone, is left for its operator, and one that changed
    meanwhile for the next round.
    """
    for case_id in case_ids:
        try:
            move_case(going, case_id, mover)
        except (CaseFaultError, NotFoundError):
            log.exception("a faulty case is not moved", extra={"event": "move-waits"})
        except ConflictError:
            log.warning("a case changed while it was moved", extra={"event": "move-waits"})


def move_case(going: Going, case_id: bytes, mover: Mover) -> None:
    """Bring one case under another version; raises ConflictError when it must not move any more.

    That it still lives under the version it leaves, and that nobody keeps it there, is looked at
    in the same transaction.
    """
    case = cases.cases_by_id([case_id])[case_id]

    def then() -> None:
        now = cases.cases_by_id([case_id])[case_id]
        stay = queries.stays_of(case_id).get(going.move_id)
        is_kept = stay is not None and stay.lifted_at is None
        if now.agreement_id != going.source_id or CaseState(now.state) in ENDED or is_kept:
            raise ConflictError
        case_service.come_under(now, going.target_id)
        db.session.add(MovedCase(move_id=going.move_id, case_id=case_id, moved_at=clock.now()))

    records.write(
        Entry(
            action=Action.UPDATE,
            actor=mover.actor,
            object=case_id.hex(),
            case_id=case_id.hex(),
            subjects=(case.subject_id.hex(),),
            agreement_version=going.target_version,
            policy_hash=going.target_hash,
            reason=going.reason,
            facts={
                "change": "moved-to-version",
                "move": going.move_id.hex(),
                "from": going.source_hash,
                "proposed_by": going.proposed_by.hex(),
                "approved_by": going.approved_by.hex(),
                **({"membership": mover.membership} if mover.membership else {}),
            },
        ),
        case_id,
        (),
        then,
    )
