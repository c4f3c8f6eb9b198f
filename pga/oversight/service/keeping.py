"""Keeping and destroying: what may go, what must stay, and who decides (AVG 5(1)(e), 17(3)(e)).

The privacy officer of a municipality proposes and places holds; a second one approves, and what was
approved is destroyed at once. The log stays: it says that there was something, and who decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit.entries import Kind
from auth.rules import Role
from config import clock
from config.database import fresh_connection
from config.errors import ConflictError, ForbiddenError, NotFoundError
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement
from pga.cases import queries as cases
from pga.cases.models import Case
from pga.cases.rules import ENDED, CaseState
from pga.dossier.rules import NOTE_CATEGORY, SIGNAL_CATEGORY
from pga.oversight.rules import LookReason
from pga.oversight.service.bench import Bench
from pga.oversight.service.looking import enter, look
from pga.policy.terms import RetentionObject, RetentionTerm
from pga.records import queries as records
from pga.records.errors import LegalHoldError
from pga.records.service import destruction
from pga.records.service.destruction import Destruction, Hold
from pga.records.service.shredding import shred

TURNED_AWAY = frozenset({CaseState.REJECTED, CaseState.REDIRECTED})
CRIMINAL = frozenset({"D05", "D06", "G03", "G04", "G05"})
FIRST_OF_ALL = frozenset({SIGNAL_CATEGORY, NOTE_CATEGORY})


class StillRunningError(ConflictError):
    """A case that has not ended is not destroyed as a whole."""

    code = "still-running"
    message = "This case has not ended. Only a part of it can be destroyed."


class AlreadyProposedError(ConflictError):
    """The same destruction waits for a second person already."""

    code = "already-proposed"
    message = "This was proposed already. It waits for a second person."


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a case that ended: all of it, or one category; until when, by which term."""

    case: Case
    term: RetentionTerm
    until: date
    category: str | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the term has passed; its last day counts."""
        return self.until < clock.today()


@dataclass(frozen=True, slots=True)
class Keeping:
    """What an officer sees of keeping and destroying in a municipality."""

    due: Sequence[Kept]
    later: Sequence[Kept]
    proposed: Sequence[Destruction]
    done: Sequence[Destruction]
    holds: Sequence[Hold]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One case as the page of keeping shows it; without a term as long as it runs."""

    case: Case
    kept: Sequence[Kept]
    categories: Sequence[str]
    hold: Hold | None
    destructions: Sequence[Destruction]

    @property
    def is_going(self) -> bool:
        """Tell whether the whole case waits to be destroyed, so that no part can be proposed."""
        return any(one.category is None and not one.is_executed for one in self.destructions)


def seat_of(found: Sequence[Bench]) -> Bench:
    """Give the bench that oversees a municipality; raises ForbiddenError for other officers."""
    whole = [bench for bench in found if bench.is_whole]
    if not whole:
        raise ForbiddenError
    return whole[0]


def may_decide(bench: Bench) -> bool:
    """Tell whether an officer may propose, approve, withdraw and place holds.

    The data protection officer supervises, reads along and decides nothing (AVG 38(6)).
    """
    return bench.is_whole and bench.place.role == Role.PRIVACY_OFFICER


def overview(bench: Bench) -> Keeping:
    """List what may go and what must stay; the look is entered before anything is read."""
    enter(look(bench, Kind.LISTED, LookReason.ROUTINE, bench.id))
    ended = cases.ended_cases(bench.place.municipality)
    known = {bytes.fromhex(one) for one in bench.cases}
    destructions = [one for one in destruction.read_destructions() if one.case_id in known]
    holds = [one for one in destruction.read_holds() if one.case_id in known]
    gone = {(one.case_id, one.category) for one in destructions}
    kept = [
        one for one in _kept(ended) if not {(one.case.id, one.category), (one.case.id, None)} & gone
    ]
    on_hold = {hold.case_id for hold in holds}
    return Keeping(
        due=[one for one in kept if one.is_over and one.case.id not in on_hold],
        later=[one for one in kept if not one.is_over or one.case.id in on_hold],
        proposed=[one for one in destructions if not one.is_executed],
        done=[one for one in destructions if one.is_executed],
        holds=holds,
    )


def case_of(bench: Bench, case_id: bytes) -> KeptCase:
    """Give one case; raises NotFoundError outside the municipality. The look is entered first."""
    if case_id.hex() not in bench.cases:
        raise NotFoundError
    name = bench.cases[case_id.hex()]
    enter(look(bench, Kind.OPENED, LookReason.ROUTINE, case_id.hex(), name))
    case = cases.cases_by_id([case_id])[case_id]
    with fresh_connection() as connection:
        categories = records.read_categories(connection, [case_id]).get(case_id, frozenset())
    return KeptCase(
        case=case,
        kept=_kept([case]) if case.closed_on is not None else [],
        categories=sorted(categories - {NOTE_CATEGORY}),
        hold=next((one for one in destruction.read_holds() if one.case_id == case_id), None),
        destructions=[one for one in destruction.read_destructions() if one.case_id == case_id],
    )


def place_hold(bench: Bench, case_id: bytes, reason: str) -> None:
    """Put a case under legal hold: nothing of it is destroyed until it is lifted (AVG 17(3)(e))."""
    _refuse(bench, case_id)
    destruction.place_hold(bench.actor, case_id, reason)


def lift_hold(bench: Bench, case_id: bytes, reason: str) -> None:
    """End the legal hold on a case; its terms count again."""
    _refuse(bench, case_id)
    destruction.lift_hold(bench.actor, case_id, reason)


def propose(bench: Bench, case_id: bytes, category: str | None, basis: str) -> None:
    """Propose to destroy a case or a category of it; who proposes is the first of two.

    Raises LegalHoldError, StillRunningError and AlreadyProposedError; nothing was proposed then.
    """
    _refuse(bench, case_id)
    case = cases.cases_by_id([case_id])[case_id]
    if any(hold.case_id == case_id for hold in destruction.read_holds()):
        raise LegalHoldError
    if category is None and CaseState(case.state) not in ENDED:
        raise StillRunningError
    if any(
        one.case_id == case_id and one.category in {None, category} and not one.is_executed
        for one in destruction.read_destructions()
    ):
        raise AlreadyProposedError
    record_id = destruction.propose_destruction(bench.actor, case_id, basis, category)
    destruction.approve_destruction(bench.actor, record_id)


def approve(bench: Bench, record_id: bytes) -> int:
    """Approve what another officer proposed and destroy it for good; gives how many rows went.

    What was approved and could not be carried out is carried out now. Raises TwoPeopleError for
    one's own proposal, LegalHoldError, and NotFoundError outside the municipality.
    """
    record = _record(bench, record_id)
    _refuse(bench, record.case_id)
    if any(hold.case_id == record.case_id for hold in destruction.read_holds()):
        raise LegalHoldError
    if record.second_approver is None:
        destruction.approve_destruction(bench.actor, record_id)
    return shred(bench.actor, record_id)


def withdraw(bench: Bench, record_id: bytes, reason: str) -> None:
    """Take back a proposal that nobody else approved yet."""
    record = _record(bench, record_id)
    _refuse(bench, record.case_id)
    destruction.withdraw_destruction(bench.actor, record_id, reason)


def _record(bench: Bench, record_id: bytes) -> Destruction:
    """Read a destruction in this municipality; raises NotFoundError for any other."""
    record = destruction.read_destruction(record_id)
    if record.case_id.hex() not in bench.cases:
        raise NotFoundError
    return record


def _refuse(bench: Bench, case_id: bytes) -> None:
    """Let only the privacy officer decide, in the own municipality."""
    if not may_decide(bench):
        raise ForbiddenError
    if case_id.hex() not in bench.cases:
        raise NotFoundError


def _kept(ended: Sequence[Case]) -> list[Kept]:
    """Work out until when ended cases are kept, by the agreement each is under."""
    versions = agreements.agreements_by_id({case.agreement_id for case in ended})
    with fresh_connection() as connection:
        categories = records.read_categories(connection, [case.id for case in ended])
    found = []
    for case in ended:
        has = categories.get(case.id, frozenset())
        found += _terms(case, versions[case.agreement_id], has) if has else []
    return sorted(found, key=lambda one: (one.until, one.case.number))


def _terms(case: Case, agreement: Agreement, has: frozenset[str]) -> list[Kept]:
    """Give the term of a case, and the shorter one of criminal data in it."""
    terms = {one.object: one for one in agreements.table_of(agreement).retention}
    closed_on = case.closed_on or clock.today()
    if CaseState(case.state) not in TURNED_AWAY:
        about = RetentionObject.CASE_AFTER_CLOSING
    elif has <= FIRST_OF_ALL:
        about = RetentionObject.SIGNAL_NOT_ADMITTED
    else:
        about = RetentionObject.REJECTED_IN_TRIAGE
    whole, criminal = terms.get(about), terms.get(RetentionObject.CRIMINAL_ITEMS)
    found = []
    if whole is not None:
        found.append(Kept(case, whole, closed_on + timedelta(days=whole.term.days)))
    if criminal is not None and (whole is None or criminal.term.days < whole.term.days):
        until = closed_on + timedelta(days=criminal.term.days)
        found += [Kept(case, criminal, until, category) for category in sorted(has & CRIMINAL)]
    return found
