"""Decisions over living cases: proposed by the process lead, approved by a second person.

Between the two anybody who leads a case may keep that case where it is. Nothing moves before the
approval, and nothing before the new version is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from audit import gate
from audit.entries import Action, Entry
from config import clock
from config.database import db, transaction
from config.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement, AgreementState
from pga.changeover import queries
from pga.changeover.models import CaseMove
from pga.changeover.rules import APPROVERS, PROPOSERS, MoveState, move_state
from pga.changeover.service.moving import Going, Mover, move_cases
from pga.changeover.service.places import acting, actor_at, place_for
from pga.sharing.service.seats import Place, Viewer

SIGNED_OR_IN_FORCE = frozenset({AgreementState.SIGNING, AgreementState.ACTIVE})
AT_ONCE = 50
"""Cases that are moved while somebody waits for the page; the worker moves the others."""
PER_ROUND = 500


class AnotherTextError(ConflictError):
    """The version no longer says what was decided on."""

    code = "another-text"
    message = (
        "The text of the new version changed after this decision was proposed. "
        "Withdraw it and propose it again."
    )


class SecondPersonError(ForbiddenError):
    """Who proposed a decision does not approve it as well."""

    code = "second-person"
    message = "Somebody else has to approve this: you proposed it yourself."


@dataclass(frozen=True, slots=True)
class NewMove:
    """Why living cases go over, and from which day."""

    reason: str
    from_on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with the two versions it is about."""

    move: CaseMove
    source: Agreement
    target: Agreement

    @property
    def state(self) -> MoveState:
        """Tell where the decision stands."""
        return move_state(self.move.approved_at, self.move.withdrawn_at, self.move.carried_out_at)

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be approved, withdrawn or carried out."""
        return self.state in {MoveState.PROPOSED, MoveState.APPROVED}

    @property
    def going(self) -> Going:
        """Give what the decision says as plain values; only of an approved one."""
        move = self.move
        if move.approved_by is None:
            raise ConflictError
        return Going(
            move_id=move.id,
            source_id=self.source.id,
            source_hash=self.source.policy_hash,
            target_id=self.target.id,
            target_version=self.target.version,
            target_hash=self.target.policy_hash,
            reason=move.reason,
            proposed_by=move.proposed_by,
            approved_by=move.approved_by,
        )

    def is_due(self, today: date) -> bool:
        """Tell whether cases may go over today: approved, begun, and to a version in force (R-01).

        The version must still say what was decided on. A case that stayed may also follow later.
        """
        return (
            self.state in {MoveState.APPROVED, MoveState.CARRIED_OUT}
            and self.move.from_on <= today
            and self.target.policy_hash == self.move.target_hash
            and agreements.is_in_force(self.target, today)
        )


def propose(viewer: Viewer, source: Agreement, target: Agreement, new: NewMove) -> CaseMove:
    """Propose that the living cases under one version go over to another.

    Raises ForbiddenError for who does not lead the process here, and InvalidInputError.
    """
    place = acting(viewer, source.municipality, *PROPOSERS)
    _refuse(_objections(source, target, new))
    move = CaseMove(
        id=new_id(),
        source_id=source.id,
        target_id=target.id,
        target_hash=target.policy_hash,
        reason=new.reason.strip(),
        from_on=new.from_on,
        proposed_by=viewer.person_id,
        proposed_at=clock.now(),
    )
    _enter(viewer, place, Decided(move, source, target), "move-proposed")
    with transaction():
        db.session.add(move)
    return move


def _objections(source: Agreement, target: Agreement, new: NewMove) -> Mapping[str, list[str]]:
    """Tell what stands in the way of a proposal, by field."""
    found: dict[str, list[str]] = {}
    if target.state not in SIGNED_OR_IN_FORCE:
        found[""] = ["The new version must be in signing or in force first."]
    elif not queries.has_living_cases(source):
        found[""] = ["No case lives under this version."]
    elif queries.open_moves(source.id):
        found[""] = ["There is a decision over these cases already. Withdraw that first."]
    if not new.reason.strip():
        found["reason"] = ["Fill this in."]
    if not max(clock.today(), target.valid_from) <= new.from_on <= target.valid_until:
        found["from_on"] = ["Choose a day from today on, within the term of the new version."]
    return found


def _refuse(found: Mapping[str, list[str]]) -> None:
    """Raise InvalidInputError when anything was found."""
    if found:
        raise InvalidInputError(found)


def decided(viewer: Viewer, move_id: bytes) -> Decided:
    """Read a decision that somebody may look at; any other is not found, real or not."""
    move = queries.move_by_id(move_id)
    if move is None:
        raise NotFoundError
    found = with_versions(move)
    if place_for(viewer, found.source.municipality) is None:
        raise NotFoundError
    return found


def with_versions(move: CaseMove) -> Decided:
    """Read the versions that a decision is about."""
    versions = agreements.agreements_by_id([move.source_id, move.target_id])
    return Decided(move, versions[move.source_id], versions[move.target_id])


def approve(viewer: Viewer, move_id: bytes) -> Decided:
    """Approve a decision as the second person, and begin to carry it out where it is due.

    Raises ForbiddenError, SecondPersonError for who proposed it, ConflictError when it is no
    longer open, and AnotherTextError when the new version says something else by now.
    """
    found = decided(viewer, move_id)
    place = acting(viewer, found.source.municipality, *APPROVERS)
    if found.move.proposed_by == viewer.person_id:
        raise SecondPersonError
    if found.state is not MoveState.PROPOSED:
        raise ConflictError
    if found.target.policy_hash != found.move.target_hash:
        raise AnotherTextError
    _enter(viewer, place, found, "move-approved")
    with transaction():
        found.move.approved_by = viewer.person_id
        found.move.approved_at = clock.now()
    mover = Mover(actor_at(viewer, place), place.membership_id.hex())
    carry_out(decided(viewer, move_id), mover, AT_ONCE)
    return decided(viewer, move_id)


def withdraw(viewer: Viewer, move_id: bytes) -> None:
    """Take a decision back; cases that went over stay where they are now.

    Raises ForbiddenError for who does not lead the process here, and ConflictError when it is no
    longer open.
    """
    found = decided(viewer, move_id)
    place = acting(viewer, found.source.municipality, *PROPOSERS)
    if not found.is_open:
        raise ConflictError
    _enter(viewer, place, found, "move-withdrawn")
    with transaction():
        found.move.withdrawn_by = viewer.person_id
        found.move.withdrawn_at = clock.now()


def carry_out_due() -> None:
    """Carry out every decision that is due, so many cases at a time; for the worker."""
    for move in queries.approved_moves():
        carry_out(with_versions(move), Mover(), PER_ROUND)


def carry_out(found: Decided, mover: Mover, most: int) -> None:
    """Move cases of a decision that is due, at most so many; note when none is left."""
    if not found.is_due(clock.today()):
        return
    waiting = queries.still_to_move(found.move.id, found.source, most)
    move_cases(found.going, waiting, mover)
    if not queries.still_to_move(found.move.id, found.source, 1):
        with transaction():
            found.move.carried_out_at = clock.now()


def _enter(viewer: Viewer, place: Place, found: Decided, what: str) -> None:
    """Write the entry of a decision before it is recorded."""
    gate.record(
        Entry(
            action=Action.AGREEMENT_CHANGE,
            actor=actor_at(viewer, place),
            object=found.target.id.hex(),
            agreement_version=found.target.version,
            policy_hash=found.target.policy_hash,
            reason=found.move.reason,
            facts={
                "change": what,
                "move": found.move.id.hex(),
                "from": found.source.policy_hash,
                "from_on": found.move.from_on.isoformat(),
                "municipality": found.source.municipality,
            },
        )
    )
