"""The legal check: a named lawyer confirms each clause, or objects to it with a reason.

What is confirmed is exactly the text that was read. Who wrote the last change of a clause, or of a
cell it speaks on, does not confirm it: two people look at every clause.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from audit.entries import Actor
from auth.models import Membership
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import ApplicationError, ForbiddenError, InvalidInputError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.clauses import ClauseStanding, hashes_of
from pga.agreements.models import AgreementEdit, AgreementState, ClauseCheck
from pga.agreements.service.desk import MUNICIPAL, Desk
from pga.agreements.service.recording import ChangedMeanwhileError, enter
from pga.agreements.service.standing import Seen, see
from pga.agreements.texts import table_of_text
from pga.policy.places import PlaceKind, read_place
from pga.policy.terms import Clause

OPEN_FOR_CHECKS: Final = frozenset({AgreementState.DRAFT, AgreementState.LEGAL_CHECK})
OF_A_MODEL: Final = frozenset({AgreementState.SIGNING})


class OwnClauseError(ApplicationError):
    """Somebody confirms a clause they wrote the last change of; `clauses` names which."""

    status = 422
    code = "own-clause"
    message = "Who changed a clause last does not confirm it. Ask another lawyer."

    def __init__(self, clauses: Sequence[str]) -> None:
        """Keep which clauses it is about."""
        super().__init__()
        self.clauses = tuple(clauses)


def lawyer_seat(desk: Desk) -> Membership | None:
    """Give the seat from which somebody tests the clauses of a version, if this person has one.

    Of a model every lawyer of a municipality may, for each of them will rest on it.
    """
    return next(
        (
            one
            for one in desk.colleague.memberships
            if one.role is Role.LAWYER
            and one.partner in MUNICIPAL
            and (desk.is_model or one.municipality == desk.agreement.municipality)
        ),
        None,
    )


def may_check(desk: Desk) -> bool:
    """Tell whether this person may test the clauses of this version now."""
    is_open = desk.agreement.state in (OF_A_MODEL if desk.is_model else OPEN_FOR_CHECKS)
    return is_open and lawyer_seat(desk) is not None


def confirm(desk: Desk, hashes: Iterable[str]) -> int:
    """Confirm the clauses of which these are the hashes; give how many.

    Raises ForbiddenError, ChangedMeanwhileError when one says something else by now, and
    OwnClauseError with those whose last change this person wrote.
    """
    actor, seen = _lawyer(desk), see(desk.agreement)
    chosen = _chosen(seen, hashes)
    if not chosen:
        raise InvalidInputError({"clauses": ["Choose one or more clauses."]})
    edits = queries.edits(seen.agreement.id)
    own = [
        one.clause.id
        for one in chosen
        if _last_author(edits, one.clause) == desk.colleague.person_id
    ]
    if own:
        raise OwnClauseError(own)
    _store(seen, chosen, actor, is_confirmed=True)
    return len(chosen)


def object_to(desk: Desk, code: str, remark: str) -> None:
    """Object to a clause; the version does not go on before it is changed or confirmed after all.

    Raises ForbiddenError, ChangedMeanwhileError, and InvalidInputError without a reason.
    """
    actor, seen = _lawyer(desk), see(desk.agreement)
    chosen = _chosen(seen, [code])
    if not remark:
        raise InvalidInputError({"remark": ["Fill this in."]})
    _store(seen, chosen, actor, is_confirmed=False, remark=remark)


def _lawyer(desk: Desk) -> Actor:
    """Say which lawyer tests, for the log; raises ForbiddenError."""
    seat = lawyer_seat(desk)
    if seat is None or not may_check(desk):
        raise ForbiddenError
    return desk.colleague.actor(seat)


def _chosen(seen: Seen, hashes: Iterable[str]) -> list[ClauseStanding]:
    """Find the clauses of these hashes; raises ChangedMeanwhileError when one is not there."""
    known = {one.hash: one for one in seen.clauses}
    wanted = list(dict.fromkeys(hashes))
    if not known.keys() >= set(wanted):
        raise ChangedMeanwhileError
    return [known[code] for code in wanted]


def _last_author(edits: Sequence[AgreementEdit], clause: Clause) -> bytes | None:
    """Tell who wrote the last change of a clause or of a cell it speaks on, if anybody did."""
    return next((edit.person_id for edit in edits if _touches(edit, clause)), None)


def _touches(edit: AgreementEdit, clause: Clause) -> bool:
    """Tell whether a change is about a clause, a cell it speaks on or a basis it leans on."""
    place = read_place(edit.place)
    if place.kind is PlaceKind.DOCUMENT:
        before, after = (_hash_in(text, clause) for text in (edit.before, edit.after))
        return before != after
    if (place.track, place.partner) != (clause.track, clause.partner):
        return False
    if place.kind is PlaceKind.CELL:
        return place.name in clause.categories
    if place.kind is PlaceKind.CLAUSE:
        return place.name == clause.id
    return place.kind in {PlaceKind.ROW, PlaceKind.CLAUSES, PlaceKind.BASIS}


def _hash_in(text: str, clause: Clause) -> str:
    """Give the hash of the clause of that name in a text, or nothing when it has none."""
    found = hashes_of(table_of_text(text).document)
    return next(
        (
            code
            for code, one in found.items()
            if (one.track, one.partner, one.id) == (clause.track, clause.partner, clause.id)
        ),
        "",
    )


def _store(
    seen: Seen,
    chosen: Sequence[ClauseStanding],
    actor: Actor,
    *,
    is_confirmed: bool,
    remark: str = "",
) -> None:
    """Write what a lawyer said of some clauses, one entry for all of them."""
    at = clock.now()
    with transaction():
        db.session.add_all(
            ClauseCheck(
                id=new_id(),
                agreement_id=seen.agreement.id,
                clause_id=one.clause.id,
                clause_hash=one.hash,
                is_confirmed=is_confirmed,
                remark=remark,
                person_id=bytes.fromhex(actor.person),
                made_at=at,
            )
            for one in chosen
        )
        db.session.flush()
        enter(
            seen.agreement,
            actor,
            "confirm_clauses" if is_confirmed else "object_to_clause",
            facts={"clauses": " ".join(one.clause.id for one in chosen)},
        )
