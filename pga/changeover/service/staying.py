"""A case that stays: its leads may keep it under the version it has, and let it go again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.entries import Action
from config import clock
from config.database import db
from config.errors import ConflictError, NotFoundError
from config.ids import new_id
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement
from pga.changeover import queries
from pga.changeover.models import CaseMove, CaseStay
from pga.changeover.rules import Change, StayReason, changes_of
from pga.changeover.service.moves import Decided, with_versions
from pga.changeover.service.moving import Mover, move_case
from pga.changeover.service.previews import compared
from pga.policy.codes import Partner, Track
from pga.sharing.service.changes import Act, Desk, require_partner, write
from pga.sharing.service.seats import actor_of

LEADS = ("GPR", "GCR")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A decision that will move this case, and what it changes for who looks.

    `stay` is how the leads of the case keep it where it is, if they do.
    """

    decided: Decided
    changes: tuple[Change, ...]
    stay: CaseStay | None

    @property
    def is_staying(self) -> bool:
        """Tell whether the case stays behind at this decision."""
        return self.stay is not None and self.stay.lifted_at is None


@dataclass(frozen=True, slots=True)
class Course:
    """Under which versions a case was, is and will be."""

    ahead: Sequence[Ahead]
    behind: Sequence[tuple[CaseMove, Agreement, datetime]]


def course_of(desk: Desk) -> Course:
    """Tell which decisions moved or will move a case, in a fixed number of queries.

    What changes is told for the viewer's own kind of partner alone: of others it would tell
    nothing that the agreement does not say, but nobody needs it here.
    """
    case = desk.facts.case
    moves = queries.moves_ahead(case.id, case.agreement_id)
    past = queries.moves_of_case(case.id)
    stays = queries.stays_of(case.id)
    versions = agreements.agreements_by_id(
        {case.agreement_id}
        | {move.target_id for move in moves}
        | {move.source_id for move, _ in past}
    )
    before = agreements.table_of(desk.facts.agreement)
    ahead = []
    for move in moves:
        target = versions[move.target_id]
        difference = compared(before, agreements.table_of(target))
        changes = changes_of(difference, Track(case.track))
        mine = tuple(one for one in changes if one.consumer == Partner(desk.seat.partner))
        found = Decided(move, versions[move.source_id], target)
        ahead.append(Ahead(found, mine, stays.get(move.id)))
    return Course(ahead, [(move, versions[move.source_id], at) for move, at in past])


def may_keep(desk: Desk) -> bool:
    """Tell whether who sits here leads the case, and so may keep it where it is."""
    return desk.seat.partner in LEADS


def keep(desk: Desk, move_id: bytes, reason: StayReason) -> None:
    """Keep a case under the version it has when a decision moves the others.

    Raises ForbiddenError for who does not lead the case, NotFoundError for a decision that is not
    about it, and ConflictError when it stays already.
    """
    require_partner(desk, *LEADS)
    _open_move(desk, move_id)
    stay = queries.stays_of(desk.facts.case.id).get(move_id)
    if stay is not None and stay.lifted_at is None:
        raise ConflictError
    case_id, person_id = desk.facts.case.id, desk.viewer.person_id

    def then() -> None:
        again = queries.stays_of(case_id).get(move_id)
        row = again or CaseStay(id=new_id(), move_id=move_id, case_id=case_id)
        row.reason, row.person_id, row.made_at = reason, person_id, clock.now()
        row.lifted_by = row.lifted_at = None
        db.session.add(row)

    facts: dict[str, str | int] = {"change": "stays-under-version", "move": move_id.hex()}
    write(desk, Act(Action.UPDATE, reason=reason, facts=facts), (), then)


def let_go(desk: Desk, move_id: bytes) -> None:
    """Let a case that stayed go over after all; at once where the decision is due.

    Raises as `keep` does, and ConflictError when it does not stay.
    """
    require_partner(desk, *LEADS)
    case_id, person_id = desk.facts.case.id, desk.viewer.person_id
    move = queries.move_by_id(move_id)
    stay = queries.stays_of(case_id).get(move_id)
    if move is None or stay is None:
        raise NotFoundError
    if stay.lifted_at is not None:
        raise ConflictError

    def then() -> None:
        row = queries.stays_of(case_id)[move_id]
        row.lifted_by, row.lifted_at = person_id, clock.now()

    facts: dict[str, str | int] = {"change": "goes-to-version", "move": move_id.hex()}
    write(desk, Act(Action.UPDATE, facts=facts), (), then)
    found = with_versions(move)
    if found.is_due(clock.today()):
        mover = Mover(actor_of(desk.viewer, desk.seat), desk.seat.place.membership_id.hex())
        move_case(found.going, case_id, mover)


def _open_move(desk: Desk, move_id: bytes) -> CaseMove:
    """Find a decision that will move this case; raises NotFoundError."""
    for move in queries.open_moves(desk.facts.case.agreement_id):
        if move.id == move_id:
            return move
    raise NotFoundError
