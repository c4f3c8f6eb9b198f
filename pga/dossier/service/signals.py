"""Signals: start a case and find a youth one already works for; never a register of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit import gate
from audit.entries import Action, Entry, Kind, Outcome
from auth import queries as people
from auth.models import Membership
from auth.rules import Role
from config import clock
from config.database import stores
from config.errors import ForbiddenError, InvalidInputError
from config.ids import new_id
from config.keys import kek
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.models import Case
from pga.cases.rules import INFORM_WITHIN_DAYS, ParticipantTask, WorkKind, age_on
from pga.dossier.rules import IDENTITY_OF, SIGNAL_CATEGORY, ItemKind, objections
from pga.policy.codes import Category, Condition, Partner, Phase, PolicyAction, Track
from pga.policy.decide import Decision, Situation, decide
from pga.records import service as records
from pga.records.identity import RegionIndex
from pga.records.service import Identity
from pga.sharing import queries
from pga.sharing.rules import Exchange, decision_covers
from pga.sharing.service import first_release
from pga.sharing.service.changes import line_of
from pga.sharing.service.disclose import (
    Disclosure,
    Look,
    Selection,
    SharingDeniedError,
    disclose,
)
from pga.sharing.service.first_release import FirstRelease
from pga.sharing.service.seats import Place, Seat, Viewer, actor_of

TASK_RUNS = timedelta(days=365)
RADICALISATION = "radicalisation"


@dataclass(frozen=True, slots=True)
class NewSignal:
    """What a signal says. No free dump of the own file: each field is short.

    `theme` is only asked to turn away what belongs to another table (R-06). `release` is what a
    provider bound by secrecy asked first (R-16).
    """

    municipality: str
    track: str
    first_name: str
    prefix: str
    surname: str
    born_on: date | None
    address: str
    postcode: str
    city: str
    reason: str
    goal: str
    tried: str
    urgency: str
    known_partners: str
    is_informed: bool
    why_not_informed: str
    bsn: str | None = None
    theme: str = ""
    release: FirstRelease | None = None


def places_to_start(viewer: Viewer) -> list[tuple[Place, Agreement]]:
    """List where a viewer may start a case: a live place whose organisation signed (R-01)."""
    today = clock.today()
    found = []
    for place in viewer.places:
        for track in Track:
            agreement = agreements.in_force(place.municipality, track, today)
            if agreement is None:
                continue
            parties = agreements.parties_of([agreement.id])[agreement.id]
            if any(
                agreements.has_signed(party, today)
                and (party.organisation_id, party.partner) == (place.organisation_id, place.partner)
                for party in parties
            ):
                found.append((place, agreement))
    return found


def start(viewer: Viewer, place: Place, new: NewSignal) -> bytes:
    """Start a case with a signal that only the submitter and the process lead read (INTAKE).

    Returns the id of the case. Raises InvalidInputError for what is missing, ForbiddenError
    without an agreement in force, SharingDeniedError, after its entry, when the submitter's own
    law keeps the signal back: police and prosecution need a decision, care a release.
    """
    _check_fields(viewer, place, new)
    today = clock.today()
    agreement = agreements.in_force(new.municipality, new.track, today)
    lead = next(
        iter(people.people_of_municipality(new.municipality, today, {Role.PROCESS_LEAD})), None
    )
    if agreement is None or lead is None or place.municipality != new.municipality:
        raise ForbiddenError
    purpose = agreements.table_of(agreement).document.purposes(Track(new.track))[0]
    decision = _may_signal(place, lead.organisation_id, agreement, purpose, new)
    who = Identity(
        bsn=new.bsn or None,
        surnames=(f"{new.prefix} {new.surname}".strip(),),
        given_names=new.first_name,
        born_on=new.born_on,
    )
    item = records.Create(
        category=SIGNAL_CATEGORY,
        purpose=purpose,
        kind=ItemKind.SIGNAL,
        owner_organisation_id=place.organisation_id,
        owner_partner=place.partner,
        author_person_id=viewer.person_id,
        content=_content(new),
    )
    skeleton = cases.NewCase(
        subject_id=_subject(new.municipality, who),
        municipality=new.municipality,
        track=new.track,
        agreement_id=agreement.id,
        purpose=purpose,
        submitter_organisation_id=place.organisation_id,
        born_on=new.born_on,
    )
    seat = Seat(
        viewer.person_id,
        place,
        b"",
        ParticipantTask.SUBMITTER,
        purpose,
        today + TASK_RUNS,
        None,
    )
    first = (
        first_release.rows_of(new.release, skeleton, seat, lead.organisation_id)
        if new.release
        else None
    )
    line = line_of(SIGNAL_CATEGORY, place.partner, decision, item.id)
    entry = Entry(
        action=Action.CREATE,
        actor=actor_of(viewer, seat),
        object=skeleton.id.hex(),
        case_id=skeleton.id.hex() if decision.is_allowed else None,
        subjects=(skeleton.subject_id.hex(),) if decision.is_allowed else (),
        lines=(line,),
        purpose=purpose,
        agreement_version=agreement.version,
        policy_hash=agreements.table_of(agreement).policy_hash,
        recipients=(lead.organisation_id.hex(),),
        facts={
            "membership": place.membership_id.hex(),
            "limits": agreements.table_of(agreement).edition,
            **({"release": new.release.id.hex()} if new.release else {}),
        },
    )
    if not decision.is_allowed:
        gate.record(entry)
        raise SharingDeniedError(decision)

    def then() -> None:
        case = case_rows.cases_by_id([skeleton.id])[skeleton.id]
        until = clock.today() + TASK_RUNS
        for person_id, organisation_id, partner, task in _first_people(viewer, place, lead):
            cases.add_participant(
                case,
                cases.NewParticipant(person_id, organisation_id, partner, task, until),
                viewer.person_id,
            )
        if new.is_informed:
            cases.record_informed(case, clock.today())
        else:
            due = clock.end_of(clock.today() + timedelta(days=INFORM_WITHIN_DAYS))
            waits = cases.NewWork(WorkKind.INFORM_YOUTH, person_id=lead.person_id, due_at=due)
            cases.add_work(case.id, waits)
        if first is not None:
            first.add()

    items = [item, *(first.items if first else ())]
    records.start_case(entry, skeleton, items, then, index=[who])
    return skeleton.id


def _first_people(
    viewer: Viewer, place: Place, lead: Membership
) -> list[tuple[bytes, bytes, str, ParticipantTask]]:
    """Name the submitter and the process lead; once when they are the same person."""
    submitter = (viewer.person_id, place.organisation_id, place.partner, ParticipantTask.SUBMITTER)
    process = (lead.person_id, lead.organisation_id, lead.partner, ParticipantTask.PROCESS)
    return [process] if submitter[:3] == process[:3] else [submitter, process]


def _may_signal(
    place: Place, recipient: bytes, agreement: Agreement, purpose: str, new: NewSignal
) -> Decision:
    """Decide whether this partner may bring a signal to the process lead (INTAKE, G2, G3)."""
    today = clock.today()
    flow = Exchange(place.organisation_id, SIGNAL_CATEGORY, recipient, purpose)
    rows = queries.decisions_of(place.organisation_id, [new.municipality])
    met = {
        Condition.DISCLOSURE_DECISION
        for row in rows
        if row.case_id is None
        and decision_covers(queries.decision_fact(row), place.partner, flow, today)
    }
    if new.release is not None and first_release.opens(new.release, new.born_on, recipient):
        met.add(Condition.SECRECY_RELEASE)
    signed = agreements.parties_of([agreement.id])[agreement.id]
    situation = Situation(
        track=Track(new.track),
        phase=Phase.F0,
        purpose=purpose,
        consumer=Partner.GPR,
        in_force=agreements.is_in_force(agreement, today),
        participant=True,
        parties=frozenset(
            Partner(party.partner)
            for party in signed
            if agreements.has_signed(party, today)
            and (party.partner != place.partner or party.organisation_id == place.organisation_id)
        ),
        age=age_on(new.born_on, today),
    )
    return decide(
        agreements.table_of(agreement),
        situation,
        Partner(place.partner),
        Category.SIGNAL,
        PolicyAction.PROVIDE,
        frozenset(met),
    )


def _check_fields(viewer: Viewer, place: Place, new: NewSignal) -> None:
    """Refuse a signal with a gap, one for another table, or texts that may not be kept."""
    problems: dict[str, list[str]] = {}
    for name in ("first_name", "surname", "reason", "goal", "tried"):
        if not getattr(new, name).strip():
            problems[name] = ["Fill this in."]
    if not new.is_informed and not new.why_not_informed.strip():
        problems["why_not_informed"] = ["Say why the youth was not informed."]
    if new.born_on is None or new.born_on > clock.today():
        problems["born_on"] = ["Fill in the birth date."]
    if new.theme == RADICALISATION:
        gate.record(
            Entry(
                action=Action.CREATE,
                actor=actor_of(viewer, None),
                object=place.municipality,
                outcome=Outcome.DENY,
                reason="R-06",
            )
        )
        problems["theme"] = ["This belongs to the table for radicalisation. Nothing is kept."]
    for name in ("reason", "goal", "tried", "known_partners", "why_not_informed"):
        for objection in objections(getattr(new, name)):
            problems.setdefault(name, []).append(objection.message)
    if problems:
        raise InvalidInputError(problems)
    if new.release is not None:
        first_release.check(new.release)


def _content(new: NewSignal) -> dict[str, object]:
    """Write the sealed content of a signal."""
    return {
        "first_name": new.first_name,
        "prefix": new.prefix,
        "surname": new.surname,
        "born_on": new.born_on.isoformat() if new.born_on else "",
        "address": new.address,
        "postcode": new.postcode,
        "city": new.city,
        "reason": new.reason,
        "goal": new.goal,
        "tried": new.tried,
        "urgency": new.urgency,
        "known_partners": new.known_partners,
        "informed": new.is_informed,
        "why_not_informed": new.why_not_informed,
    }


def _candidates(municipality: str, who: Identity) -> list[bytes]:
    """Ask the blind index of a municipality for cases that may be about this person."""
    with stores().keys.connect() as connection:
        return RegionIndex(kek(), municipality).candidates(connection, who)


def _subject(municipality: str, who: Identity) -> bytes:
    """Give the pseudonym of a youth: that of an earlier case with the same BSN, else a new one.

    It is shown to nobody; it lets the log and the youth's own request find all cases.
    """
    if who.bsn:
        known = case_rows.cases_by_id(_candidates(municipality, Identity(bsn=who.bsn)))
        for case in known.values():
            return case.subject_id
    return new_id()


@dataclass(frozen=True, slots=True)
class Found:
    """A case the searcher takes part in, with the name that matched."""

    case: Case
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found in the searcher's own cases; `faulty` are numbers that do not open."""

    found: Sequence[Found] = ()
    faulty: Sequence[str] = ()


def find(viewer: Viewer, municipalities: Collection[str], who: Identity) -> Search:
    """Find the cases of a person in which the viewer takes part; others give no sign at all.

    Candidates are opened like any list, one entry per case of kind `searched`, and compared; a
    case without a seat costs the same look-ups and is never told (R-04). One entry says that
    somebody searched, with the number of hits and nothing of what was sought.
    """
    wanted: set[bytes] = set()
    for municipality in sorted(municipalities):
        wanted.update(_candidates(municipality, who))
    look = Look(
        Kind.SEARCHED,
        Selection(kinds=frozenset({ItemKind.IDENTITY, ItemKind.SIGNAL})),
    )
    opened = disclose(viewer, sorted(wanted), look)
    found = [
        Found(disclosure.facts.case, disclosure)
        for disclosure in opened.values()
        if _matches(disclosure, who)
    ]
    gate.record(
        Entry(
            action=Action.CONSULT,
            kind=Kind.SEARCHED,
            actor=actor_of(viewer, None),
            object="",
            outcome=Outcome.NA,
            facts={"hits": len(found)},
        )
    )
    return Search(tuple(found), tuple(opened.faulty))


def _matches(disclosure: Disclosure, who: Identity) -> bool:
    """Compare opened names with what was sought; the index may give cases that only sound alike."""
    born_on = who.born_on.isoformat() if who.born_on else ""
    return any(
        not born_on or str(item.content.get("born_on", "")) == born_on
        for item in disclosure.items
        if item.category in {*IDENTITY_OF.values(), SIGNAL_CATEGORY}
    )


def own_duplicates(viewer: Viewer, place: Place, new: NewSignal) -> Sequence[Found]:
    """Find running cases of the same youth within the viewer's own right, before starting one."""
    who = Identity(
        bsn=new.bsn or None,
        surnames=(f"{new.prefix} {new.surname}".strip(),),
        given_names=new.first_name,
        born_on=new.born_on,
    )
    return [
        one for one in find(viewer, [place.municipality], who).found if one.case.closed_on is None
    ]
