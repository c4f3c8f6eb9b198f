"""Looking into the log: every question is decided, entered with its reason, and then answered.

No row is read before its entry is durable, and an entry of the log that lies outside the bench
gets the same answer as one that does not exist. Content is never opened here.
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NoReturn

from audit import gate, proofs
from audit import queries as log
from audit.entries import Action, Entry, Kind, Line
from audit.gate import Receipt
from audit.proofs import InclusionProof
from audit.publishing import NotSignedError, Publication
from audit.queries import Access, Refusals
from audit.reading import TamperedError
from config.database import stores
from config.errors import ForbiddenError, NotFoundError
from config.ids import ID_BYTES
from config.keys import kek
from pga.oversight.queries import CaseName
from pga.oversight.rules import LookReason, is_officer
from pga.oversight.service.asking import Answer, Found, Question, answer, count, refusals
from pga.oversight.service.asking import found as found_by
from pga.oversight.service.bench import Bench, bench_for
from pga.oversight.service.veiling import veiled
from pga.policy.codes import Category, Track
from pga.policy.decide import oversee
from pga.policy.decision import Decision
from pga.records.identity import RegionIndex
from pga.records.service import Identity
from pga.sharing.service.disclose import refuse_outsider
from pga.sharing.service.seats import Viewer

TRACK = Track.YOUTH  # the log and case numbers are overseen alike in both tracks
SEARCH_ROOT = "pga log search"


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
    bench, theirs = cases_of_youth(found, case_id)
    enter(*(look(bench, Kind.LISTED, question.reason, one, bench.cases[one]) for one in theirs))
    subject = bench.cases[case_id.hex()].subject_id
    return answer(bench, bench.reach_of(theirs), question), subject


def cases_of_youth(found: Sequence[Bench], case_id: bytes) -> tuple[Bench, list[str]]:
    """Find every case (hex id) of the youth of a case within the bench that oversees it.

    Raises NotFoundError, after one entry, for a case outside every bench, real or not.
    """
    bench = bench_for(found, case_id) or outside(found[0].viewer, case_id)
    subject = bench.cases[case_id.hex()].subject_id
    return bench, sorted(one for one, case in bench.cases.items() if case.subject_id == subject)


def what_saw(bench: Bench, person_id: bytes, question: Question) -> Answer:
    """Tell what a person saw, as far as the bench oversees it.

    Own staff by name; of a partner's staff whatever they did in cases the bench sees whole. A
    person of whom nothing lies within reach gets an empty answer, like one who does not exist.
    """
    person = person_id.hex()
    enter(look(bench, Kind.LISTED, question.reason, person))
    return answer(bench, bench.reach(), question, actor=person)


def refused(bench: Bench, question: Question) -> tuple[Answer, list[Refusals]]:
    """Tell what was refused within the bench, and how often by which rule."""
    enter(look(bench, Kind.LISTED, question.reason, bench.id))
    return refusals(bench, question), count(bench, question)


def search(bench: Bench, question: Question) -> Found:
    """Search all of the log within the bench; by what is entered with the look, names never are."""
    asked = {
        "show": str(question.show),
        "kind": str(question.kind or ""),
        "organisation": question.organisation or "",
        "category": question.category or "",
        "purpose": question.purpose or "",
        "since": question.since.isoformat() if question.since else "",
        "until": question.until.isoformat() if question.until else "",
    }
    facts: dict[str, str | int] = {name: value for name, value in asked.items() if value}
    case = bench.cases.get(question.case) if question.case else None
    object_ = question.case or question.person or bench.id
    enter(replace(look(bench, Kind.SEARCHED, question.reason, object_, case), facts=facts))
    return found_by(bench, question)


def entry(found: Sequence[Bench], seq: int, reason: LookReason, kind: Kind = Kind.OPENED) -> Proven:
    """Give one entry with its proof; the look is entered first, of which kind.

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
    enter(replace(look(bench, kind, reason, object_, case), facts={"entry": seq}))
    try:
        proof = proofs.inclusion_proof(seq)
    except TamperedError:
        proof = None
    return Proven(bench, veiled(access, bench.reach()), proof)


def proof_to_keep(found: Sequence[Bench], seq: int, reason: LookReason) -> bytes:
    """Give the proof of an entry as a file that holds outside the program (C2SP tlog-proof).

    It holds hashes and signatures alone. Raises NotFoundError as `entry` does, and NotSignedError
    before a checkpoint covers the entry.
    """
    entry(found, seq, reason, Kind.EXPORTED)
    with stores().audit.connect() as connection:
        published = Publication(connection)
        if seq >= published.signed.size:
            raise NotSignedError
        return published.proof(seq).encode()


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


def look(
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


def enter(*looks: Entry) -> list[Receipt]:
    """Make the entries of a look durable before anything is read."""
    return gate.record_many(looks)


def _enter_search(
    bench: Bench, hits: Collection[tuple[Bench, CaseName]], sought: str, reason: LookReason
) -> list[CaseName]:
    """Enter a search: a keyed hash of what was sought, how many hits, and each case it showed."""
    key = kek().derive(SEARCH_ROOT)
    hashed = hmac.new(key, sought.casefold().encode(), sha256).hexdigest()
    enter(
        replace(look(bench, Kind.SEARCHED, reason, hashed), facts={"hits": len(hits)}),
        *(look(one, Kind.SEARCHED, reason, case.id.hex(), case) for one, case in hits),
    )
    return sorted((case for _, case in hits), key=lambda case: case.number)


def _overseer(found: Sequence[Bench], access: Access) -> Bench | None:
    """Find the bench that may be shown an entry; one that was tampered with belongs to nobody."""
    if access.entry is None:
        return None
    told = access.entry
    return next((bench for bench in found if bench.reach().holds(told)), None)
