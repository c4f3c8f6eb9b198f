"""How a change of a version is written: where it still is what was read, its entry first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from sqlalchemy import CursorResult, update

from audit import gate
from audit.entries import Action, Actor, Entry
from config import clock
from config.database import db
from config.errors import ConflictError
from config.ids import from_hex, new_id
from pga.agreements.models import Agreement, AgreementStep


class ChangedMeanwhileError(ConflictError):
    """Somebody else took a step with the same version in the meantime."""

    code = "agreement-changed-meanwhile"
    message = "Somebody else changed this agreement in the meantime. Look at it again."


def hold(agreement: Agreement, *, at_any_epoch: bool = False, **values: object) -> None:
    """Change a version where nobody changed it since it was read, and raise its epoch.

    At any epoch, it is enough that state and text are what was read: others may sign meanwhile.
    Part of the caller's transaction. Raises ChangedMeanwhileError.
    """
    same_epoch = () if at_any_epoch else (Agreement.epoch == agreement.epoch,)
    changed = (
        update(Agreement)
        .where(
            Agreement.id == agreement.id,
            Agreement.state == agreement.state,
            Agreement.policy_hash == agreement.policy_hash,
            *same_epoch,
        )
        .values(epoch=Agreement.epoch + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", db.session.execute(changed)).rowcount == 0:
        raise ChangedMeanwhileError


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody fills in at a step; which of it is asked depends on the step.

    `last_day` is the last day of a version that is ended; without one it ends at once.
    """

    reference: str = ""
    decided_on: date | None = None
    outcome: str = ""
    remark: str = ""
    last_day: date | None = None


NOTHING: Final = Given()


def step_row(
    agreement: Agreement, what: str, state: str, actor: Actor, given: Given = NOTHING
) -> AgreementStep:
    """Make the row of a step with what it was decided on."""
    return AgreementStep(
        id=new_id(),
        agreement_id=agreement.id,
        what=what,
        state=state,
        policy_hash=agreement.policy_hash,
        person_id=from_hex(actor.person) if actor.person else None,
        reference=given.reference,
        decided_on=given.decided_on,
        outcome=given.outcome,
        remark=given.remark,
        epoch=agreement.epoch + 1,
        taken_at=clock.now(),
    )


def enter(
    agreement: Agreement,
    actor: Actor,
    change: str,
    *,
    reason: str = "",
    facts: Mapping[str, str | int] | None = None,
) -> None:
    """Write the entry of a change that is about to be committed."""
    gate.record(
        Entry(
            action=Action.AGREEMENT_CHANGE,
            actor=actor,
            object=agreement.id.hex(),
            agreement_version=agreement.version,
            policy_hash=agreement.policy_hash,
            reason=reason,
            facts={"change": change, "municipality": agreement.municipality, **(facts or {})},
        )
    )
