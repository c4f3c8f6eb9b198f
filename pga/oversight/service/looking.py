"""Looking into the log: every question is decided, entered with its reason, and then answered.

No row is read before its entry is durable, and an entry of the log that lies outside the bench
gets the same answer as one that does not exist. Content is never opened here.
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import NoReturn

from audit import gate, proofs
from audit import queries as log
from audit.entries import Action, Entry, Kind, Line, Outcome
from audit.proofs import InclusionProof
from audit.queries import Access, Refusals
from audit.reach import Reach
from audit.reading import TamperedError
from config import clock
from config.database import stores
from config.errors import ForbiddenError, NotFoundError
from config.ids import ID_BYTES
from config.keys import kek
from pga.oversight.queries import CaseName
from pga.oversight.rules import (
    FOLDED,
    ONE_BY_ONE,
    LookReason,
    Narrowing,
    Show,
    is_officer,
    whole_days,
)
from pga.oversight.service.bench import Bench, bench_for
from pga.policy.codes import Category, Track
from pga.policy.decide import oversee
from pga.policy.decision import Decision
from pga.records.identity import RegionIndex
from pga.records.service import Identity
from pga.sharing.service.disclose import refuse_outsider
from pga.sharing.service.seats import Viewer

PER_PAGE = 25
PASSING_ON_FIRST_PAGE = 100
TRACK = Track.YOUTH  # the log and case numbers are overseen alike in both tracks
SEARCH_ROOT = "pga log search"


@dataclass(frozen=True, slots=True)
class Question:
    """What an officer asks of the log and why; both days are included.

    `organisation` is an id in hex; `rule` is empty for refusals that name none; with `parts`,
    also acts of which only a part was refused count as refused.
    """

    reason: LookReason = LookReason.ROUTINE
    show: Show = Show.EVERYTHING
    since: date | None = None
    until: date | None = None
    organisation: str | None = None
    rule: str | None = None
    parts: bool = False
    before: int | None = None

    @property
    def first(self) -> datetime | None:
        """Give the instant from which acts count."""
        return None if self.since is None else _midnight(self.since)

    @property
    def end(self) -> datetime | None:
        """Give the instant from which acts count no more."""
        return None if self.until is None else _midnight(self.until + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Found:
    """One page of accesses; `older` is where the next page begins, None on the last."""

    accesses: Sequence[Access] = ()
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the log says: opened, written and refused one by one, the rest to be folded by day."""

    bench: Bench
    one_by_one: Found
    folded: Found


@dataclass(frozen=True, slots=True)
class Proven:
    """One entry with its proof; `proof` is None when the stored hashes do not lead to the root."""

    bench: Bench
    access: Access
    proof: InclusionProof | None


def who_saw(found: Sequence[Bench], case_id: bytes, question: Question) -> tuple[Answer, bytes]:
    """Tell who saw the youth of a case, in all cases of that youth within the bench.

    Also gives the pseudonym of the youth, which no page shows. Raises NotFoundError, after one
    entry, for a case outside every bench, real or not.
    """
    bench = bench_for(found, case_id) or outside(found[0].viewer, case_id)
    subject = bench.cases[case_id.hex()].subject_id
    theirs = sorted(one for one, case in bench.cases.items() if case.subject_id == subject)
    _enter(
        *(
            _look(bench, Kind.LISTED, question.reason, case_id, bench.cases[case_id])
            for case_id in theirs
        )
    )
    return _answer(bench, bench.reach_of(theirs), question), subject


def what_saw(bench: Bench, person_id: bytes, question: Question) -> Answer:
    """Tell what a person saw, as far as the bench oversees it.

    Own staff by name; of a partner's staff whatever they did in cases the bench sees whole. A
    person of whom nothing lies within reach gets an empty answer, like one who does not exist.
    """
    person = person_id.hex()
    _enter(_look(bench, Kind.LISTED, question.reason, person))
    return _answer(bench, bench.reach(), question, actor=person)


def refused(bench: Bench, question: Question) -> tuple[Found, list[Refusals]]:
    """Tell what was refused within the bench, and how often by which rule."""
    _enter(_look(bench, Kind.LISTED, question.reason, bench.id))
    outcomes = [Outcome.DENY, Outcome.MIXED] if question.parts else [Outcome.DENY]
    counts = log.refusals_by_rule(bench.reach(), outcomes, since=question.first, until=question.end)
    search: log.Search = {
        "actions": ONE_BY_ONE[Show.REFUSED].actions,
        "rule": question.rule,
        "since": question.first,
        "until": question.end,
        "before": question.before,
        "within": bench.reach(),
    }
    if question.parts:
        search["decision"] = "denied"
    else:
        search["outcome"] = Outcome.DENY
    rows = log.accesses(limit=PER_PAGE + 1, **search)
    return _page(rows), counts


def entry(found: Sequence[Bench], seq: int, reason: LookReason) -> Proven:
    """Give one entry with its proof.

    Raises NotFoundError, after one entry, for a number outside every bench, real or not.
    """
    viewer = found[0].viewer
    address = seq.to_bytes(ID_BYTES, "big")
    try:
        access = log.payload(seq)
    except NotFoundError:
        access = Access(seq, None)
    bench = _overseer(found, access) or outside(viewer, address)
    told = access.entry
    case_id = told.case_id if told is not None else None
    object_ = str(seq) if case_id is None else case_id
    case = bench.cases.get(case_id) if case_id is not None else None
    _enter(replace(_look(bench, Kind.OPENED, reason, object_, case), facts={"entry": seq}))
    try:
        proof = proofs.inclusion_proof(seq)
    except TamperedError:
        proof = None
    return Proven(bench, access, proof)


def find_number(found: Sequence[Bench], number: str, reason: LookReason) -> list[CaseName]:
    """Find a case by its number within the benches; outside them nothing is found."""
    wanted = number.strip()
    hits = {
        case.id: (bench, case)
        for bench in reversed(found)
        for case in bench.cases.values()
        if case.number == wanted
    }
    return _enter_search(found[0], list(hits.values()), wanted, reason)


def find_person(found: Sequence[Bench], who: Identity, reason: LookReason) -> list[CaseName]:
    """Find the cases that may be about somebody, by the blind index: an officer compares no names.

    Of the cases of one youth the newest stands for all. Raises InvalidInputError for a BSN that
    fails the 11-test.
    """
    municipalities = sorted({bench.place.municipality for bench in found})
    candidates: set[bytes] = set()
    with stores().keys.connect() as connection:
        for municipality in municipalities:
            index = RegionIndex(kek(), municipality)
            candidates.update(index.candidates(connection, who))
    hits: dict[bytes, tuple[Bench, CaseName]] = {}
    for case_id in candidates:
        bench = bench_for(found, case_id)
        if bench is not None:
            case = bench.cases[case_id.hex()]
            known = hits.get(case.subject_id)
            if known is None or known[1].number < case.number:
                hits[case.subject_id] = (bench, case)
    sought = f"{who.bsn or ''}|{'|'.join(who.surnames)}|{who.born_on or ''}"
    return _enter_search(found[0], list(hits.values()), sought, reason)


def outside(viewer: Viewer, address: bytes) -> NoReturn:
    """Refuse what lies outside every bench, after the same entry whether it exists or not.

    Raises NotFoundError, or TooManyRefusalsError beyond the budget.
    """
    refuse_outsider(viewer, address, Action.LOG_VIEW)
    raise NotFoundError  # pragma: no cover - it always raised before


def may_oversee(bench: Bench, category: Category, track: Track = TRACK) -> Decision:
    """Decide whether this bench may look at a category (OVERSIGHT).

    Raises ForbiddenError, after its entry, when it may not.
    """
    decision = oversee(track, category, is_officer=is_officer(bench.place.role))
    if not decision.is_allowed:
        line = Line("", category, "denied", decision.rule, decision.code)
        gate.record(Entry(Action.LOG_VIEW, bench.actor, bench.id, kind=Kind.LISTED, lines=(line,)))
        raise ForbiddenError
    return decision


def _look(
    bench: Bench,
    kind: Kind,
    reason: LookReason,
    object_: str,
    case: CaseName | None = None,
) -> Entry:
    """Decide on one look into the log and write its entry; raises ForbiddenError."""
    decision = may_oversee(bench, Category.LOG)
    return Entry(
        action=Action.LOG_VIEW,
        actor=bench.actor,
        object=object_,
        kind=kind,
        case_id=case.id.hex() if case else None,
        subjects=(case.subject_id.hex(),) if case else (),
        lines=(Line("", Category.LOG, "allowed", decision.rule, decision.code),),
        reason=reason,
    )


def _enter(*looks: Entry) -> None:
    """Make the entries of a look durable before anything is read."""
    gate.record_many(looks)


def _enter_search(
    bench: Bench, hits: Collection[tuple[Bench, CaseName]], sought: str, reason: LookReason
) -> list[CaseName]:
    """Enter a search: a keyed hash of what was sought, how many hits, and each case it showed."""
    key = kek().derive(SEARCH_ROOT)
    hashed = hmac.new(key, sought.casefold().encode(), sha256).hexdigest()
    _enter(
        replace(_look(bench, Kind.SEARCHED, reason, hashed), facts={"hits": len(hits)}),
        *(_look(one, Kind.SEARCHED, reason, case.id.hex(), case) for one, case in hits),
    )
    return sorted((case for _, case in hits), key=lambda case: case.number)


def _answer(bench: Bench, reach: Reach, question: Question, actor: str | None = None) -> Answer:
    """Ask the log both halves of a table; eight queries, whatever the number of rows."""
    one_by_one, folded = Found(), Found()
    if question.show in ONE_BY_ONE:
        wanted = _search(reach, question, ONE_BY_ONE[question.show], actor)
        one_by_one = _page(log.accesses(limit=PER_PAGE + 1, **wanted))
    if question.show in FOLDED and (question.show or question.before is None):
        wanted = _search(reach, question, FOLDED[question.show], actor)
        most = log.LARGEST_PAGE if question.show else PASSING_ON_FIRST_PAGE
        rows = log.accesses(limit=most, **wanted)
        kept = whole_days(rows, most, _day_of)
        folded = Found(kept, kept[-1].seq if len(rows) == most else None)
    return Answer(bench, one_by_one, folded)


def _search(
    reach: Reach, question: Question, narrowing: Narrowing, actor: str | None
) -> log.Search:
    """Put a question in the words of the log."""
    return {
        "actor": actor,
        "organisation": question.organisation,
        "actions": narrowing.actions,
        "kinds": narrowing.kinds,
        "outcome": narrowing.outcome,
        "since": question.first,
        "until": question.end,
        "before": question.before,
        "within": reach,
    }


def _page(rows: Sequence[Access]) -> Found:
    """Cut a page, given one row more than fits."""
    if len(rows) <= PER_PAGE:
        return Found(rows)
    return Found(rows[:PER_PAGE], rows[PER_PAGE - 1].seq)


def _overseer(found: Sequence[Bench], access: Access) -> Bench | None:
    """Find the bench that may be shown an entry; one that was tampered with belongs to nobody."""
    if access.entry is None:
        return None
    told = access.entry
    return next((bench for bench in found if bench.reach().holds(told)), None)


def _day_of(access: Access) -> date | None:
    """Tell the day of an entry in Amsterdam; None when its time cannot be believed."""
    return clock.local_day(access.opened.at) if access.opened else None


def _midnight(day: date) -> datetime:
    """Give the instant a day begins in Amsterdam."""
    return datetime.combine(day, time(), clock.AMSTERDAM)
