"""Reads of the sharing room: everything a decision needs to know of cases, in a fixed number."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select

from config.database import Base, db
from config.gathering import Gathered
from pga.agreements import queries as agreements
from pga.agreements.models import LIMITS_IN_FORCE, Agreement, Party
from pga.cases import queries as cases
from pga.cases.models import Case, Participant, Replacement, WorkTask
from pga.records.models import SealedItem
from pga.records.skeleton import Seen, digests_of
from pga.sharing.models import (
    DisclosureDecision,
    GuardianRelation,
    ReleaseAnswer,
    SecrecyRelease,
    VoluntaryConsent,
    WeighingNote,
)
from pga.sharing.rules import (
    Answer,
    DecisionFact,
    Given,
    Guardian,
    NoteFact,
    ReleaseFact,
    answers_suffice,
    release_ends_on,
)

T = TypeVar("T")


@dataclass(slots=True)
class CaseFacts:
    """What is known of one case before anything is opened.

    `signed` are the organisations of the parties, each with its partner code.
    `seen` is what was read of the plain rows that each write seals, for who opens something; it is
    None for who changes the case, whose write looks at them itself.
    The epochs are those of the moment of reading. The rows are read anew by whoever asks next in
    the same request, and then would hide that a decision was overtaken.
    """

    case: Case
    agreement: Agreement
    parties: Sequence[Party]
    signed: frozenset[tuple[bytes, str]]
    participants: Sequence[Participant]
    replacements: Sequence[Replacement]
    guardians: Sequence[Guardian]
    releases: Sequence[ReleaseFact]
    decisions: Sequence[DecisionFact]
    notes: Sequence[NoteFact]
    items: Sequence[SealedItem]
    is_in_force: bool
    case_epoch: int
    agreement_epoch: int
    seen: Seen | None = None


# Statements are made once: building one costs more than running it on a small table.
_IDS: BindParameter[bytes] = bindparam("case_ids", expanding=True)
_ASKED = select(Case.id, Case.agreement_id, Case.municipality).where(Case.id.in_(_IDS)).cte("asked")
_CASE_IDS = select(_ASKED.c.id)
_AGREEMENT_IDS = select(_ASKED.c.agreement_id)


def _bare(model: type[Base], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Make a statement that reads bare rows, which have the attributes of their model."""
    return select(*model.__table__.columns).where(*conditions)


_GROUNDS = (
    _bare(GuardianRelation, GuardianRelation.case_id.in_(_CASE_IDS)),
    _bare(SecrecyRelease, SecrecyRelease.case_id.in_(_CASE_IDS)),
    _bare(
        ReleaseAnswer,
        ReleaseAnswer.release_id.in_(
            select(SecrecyRelease.id).where(SecrecyRelease.case_id.in_(_CASE_IDS))
        ),
    ),
    _bare(
        DisclosureDecision,
        or_(
            DisclosureDecision.case_id.in_(_CASE_IDS),
            and_(
                DisclosureDecision.case_id.is_(None),
                DisclosureDecision.municipality.in_(select(_ASKED.c.municipality)),
            ),
        ),
    ),
    _bare(WeighingNote, WeighingNote.case_id.in_(_CASE_IDS)),
)
_GATHERED_GROUNDS = Gathered(*_GROUNDS)
_GATHERED = Gathered(
    *_GROUNDS,
    _bare(Case, Case.id.in_(_CASE_IDS)),
    _bare(Participant, Participant.case_id.in_(_CASE_IDS)),
    _bare(Replacement, Replacement.case_id.in_(_CASE_IDS)),
    _bare(VoluntaryConsent, VoluntaryConsent.case_id.in_(_CASE_IDS)),
    _bare(Agreement, Agreement.id.in_(_AGREEMENT_IDS)).add_columns(
        LIMITS_IN_FORCE.label("limits_sha256")
    ),
    _bare(Party, Party.agreement_id.in_(_AGREEMENT_IDS)),
    _bare(WorkTask, WorkTask.case_id.in_(_CASE_IDS), cases.WAITS),
)
# What each write seals, in the order in which it is gathered.
_BOUND = tuple(
    Base.metadata.tables[model.__tablename__]
    for model in (
        GuardianRelation,
        SecrecyRelease,
        ReleaseAnswer,
        DisclosureDecision,
        WeighingNote,
        Case,
        Participant,
        Replacement,
        VoluntaryConsent,
    )
)
_ITEMS = (
    select(SealedItem).where(SealedItem.case_id.in_(_IDS)).execution_options(populate_existing=True)
)
_BARE_ITEMS = select(*(c for c in SealedItem.__table__.columns if c.name != "blob")).where(
    SealedItem.case_id.in_(_IDS)
)


def load_facts(case_ids: Collection[bytes], today: date) -> dict[bytes, CaseFacts]:
    """Read the facts of these cases for who may change them; five queries, seven for any number.

    Case, agreement, participants and items are those of the session, so that they can be changed.
    """
    asked = {"case_ids": list(case_ids)}
    found = cases.cases_by_id(case_ids)
    versions = agreements.agreements_by_id({case.agreement_id for case in found.values()})
    return _facts(
        _Rows(
            found,
            versions,
            agreements.parties_of(list(versions)),
            cases.participants_of(case_ids),
            cases.replacements_of(case_ids),
            _grouped(db.session.scalars(_ITEMS, asked), _case_of),
            *_GATHERED_GROUNDS.read(db.session.connection(), asked),
        ),
        today,
    )


def read_facts(
    case_ids: Collection[bytes], today: date, waits_for: Mapping[str, object]
) -> tuple[dict[bytes, CaseFacts], Mapping[bytes, list[WorkTask]]]:
    """Read the facts of these cases for who looks, and what waits there for that one; two queries.

    What comes back cannot be changed: bare rows, which have the attributes of their model.
    """
    asked = {"case_ids": list(case_ids), **waits_for}
    connection = db.session.connection()
    parts = _GATHERED.read(connection, asked)
    *grounds, found, participants, replacements, _consents, versions, parties, work = parts
    items: Iterable[Any] = connection.execute(_BARE_ITEMS, asked).all()
    rows = _Rows(
        {row.id: row for row in found},
        {row.id: row for row in versions},
        _grouped(sorted(parties, key=lambda p: (p.partner, p.id)), lambda p: p.agreement_id),
        _grouped(sorted(participants, key=lambda p: (p.from_on, p.id)), _case_of),
        _grouped(replacements, _case_of),
        _grouped(items, _case_of),
        *grounds,
    )
    work.sort(key=lambda task: (task.due_at is None, task.due_at or task.created_at))
    facts = _facts(rows, today)
    digests = digests_of(dict(zip(_BOUND, parts, strict=False)), facts)
    for case_id, known in facts.items():
        known.seen = Seen(known.case.version, digests[case_id])
    return facts, _grouped(work, _case_of)


class _Rows(NamedTuple):
    """What the facts of some cases are made of."""

    cases: Mapping[bytes, Case]
    versions: Mapping[bytes, Agreement]
    parties: Mapping[bytes, list[Party]]
    participants: Mapping[bytes, list[Participant]]
    replacements: Mapping[bytes, list[Replacement]]
    items: Mapping[bytes, list[SealedItem]]
    guardians: list[Any]
    releases: list[Any]
    answers: list[Any]
    decisions: list[Any]
    notes: list[Any]


def _case_of(row: Any) -> bytes:  # noqa: ANN401 - a row of any of these tables
    """Tell to which case a row belongs."""
    case_id: bytes = row.case_id
    return case_id


def _grouped(rows: Iterable[T], key: Callable[[T], bytes]) -> Mapping[bytes, list[T]]:
    """Group rows by the case or release they belong to."""
    found: dict[bytes, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _facts(rows: _Rows, today: date) -> dict[bytes, CaseFacts]:
    """Put the facts of each case together."""
    guardians, releases = _grouped(rows.guardians, _case_of), _grouped(rows.releases, _case_of)
    answers = _grouped(rows.answers, lambda answer: answer.release_id)
    notes = _grouped(rows.notes, _case_of)
    taking_part = {
        key: [party for party in rows.parties[key] if agreements.has_signed(party, today)]
        for key in rows.versions
    }
    signed = {
        key: frozenset((party.organisation_id, party.partner) for party in found)
        for key, found in taking_part.items()
    }
    facts = {}
    for case_id, case in rows.cases.items():
        version = rows.versions[case.agreement_id]
        held = [guardian_fact(row) for row in guardians[case_id] if row.ended_on is None]
        facts[case_id] = CaseFacts(
            case=case,
            agreement=version,
            parties=taking_part[version.id],
            signed=signed[version.id],
            participants=rows.participants[case_id],
            replacements=rows.replacements[case_id],
            guardians=held,
            releases=[
                release_fact(row, answers[row.id], held, case.born_on) for row in releases[case_id]
            ],
            decisions=[
                decision_fact(row)
                for row in rows.decisions
                if row.case_id == case_id
                or (row.case_id is None and row.municipality == case.municipality)
            ],
            notes=[note_fact(row) for row in notes[case_id]],
            items=rows.items[case_id],
            is_in_force=agreements.is_in_force(version, today),
            case_epoch=case.epoch,
            agreement_epoch=version.epoch,
        )
    return facts


def guardian_fact(row: GuardianRelation) -> Guardian:
    """Turn a row into the fact the rules read."""
    return Guardian(row.id, row.organisation_id, row.is_disputed)


def release_fact(
    row: SecrecyRelease,
    answers: Iterable[ReleaseAnswer],
    guardians: Collection[Guardian],
    born_on: date | None,
) -> ReleaseFact:
    """Turn a release and its answers into the fact the rules read.

    A legal duty and a conflict of duties need no answers: they are the professional's own (R-16).
    """
    recipients = frozenset(bytes.fromhex(text) for text in row.recipients)
    given = [Given(answer.guardian_id, Answer(answer.answer)) for answer in answers]
    suffices = row.kind != "consent" or answers_suffice(
        row.age_when_asked, guardians, given, recipients
    )
    return ReleaseFact(
        id=row.id,
        provider_organisation_id=row.provider_organisation_id,
        provider=row.provider,
        categories=frozenset(row.categories),
        recipients=recipients,
        purpose=row.purpose,
        valid_from=row.valid_from,
        ends_on=release_ends_on(
            row.valid_until, row.asked_on, born_on, on_representative=row.rests_on_representative
        ),
        is_confirmed=row.confirmed_at is not None and row.declined_at is None,
        is_withdrawn=row.withdrawn_at is not None,
        suffices=suffices,
    )


def decision_fact(row: DisclosureDecision) -> DecisionFact:
    """Turn a row into the fact the rules read."""
    return DecisionFact(
        id=row.id,
        provider_organisation_id=row.provider_organisation_id,
        article=row.article,
        number=row.number,
        purposes=frozenset(row.purposes),
        categories=frozenset(row.categories),
        recipients=frozenset(bytes.fromhex(text) for text in row.recipients),
        decided_on=row.decided_on,
        valid_until=row.valid_until,
        is_withdrawn=row.withdrawn_at is not None,
    )


def note_fact(row: WeighingNote) -> NoteFact:
    """Turn a row into the fact the rules read."""
    return NoteFact(
        id=row.id,
        organisation_id=row.organisation_id,
        category=row.category,
        recipients=frozenset(bytes.fromhex(text) for text in row.recipients),
        review_on=row.review_on,
    )


def releases_of(case_id: bytes) -> Sequence[SecrecyRelease]:
    """Read the releases of a case, newest first."""
    return db.session.scalars(
        select(SecrecyRelease)
        .where(SecrecyRelease.case_id == case_id)
        .order_by(SecrecyRelease.recorded_at.desc(), SecrecyRelease.id)
    ).all()


def cases_with_releases(today: date) -> Sequence[bytes]:
    """List the cases with a release that may be in effect on a day."""
    return db.session.scalars(
        select(SecrecyRelease.case_id)
        .where(
            SecrecyRelease.confirmed_at.is_not(None),
            SecrecyRelease.withdrawn_at.is_(None),
            SecrecyRelease.valid_until >= today,
        )
        .distinct()
    ).all()


def release(release_id: bytes) -> SecrecyRelease | None:
    """Read one release."""
    return db.session.get(SecrecyRelease, release_id, populate_existing=True)


def answers_of(release_ids: Collection[bytes]) -> Mapping[bytes, list[ReleaseAnswer]]:
    """Read the answers to these releases."""
    rows = db.session.scalars(
        select(ReleaseAnswer).where(ReleaseAnswer.release_id.in_(release_ids))
    )
    return _grouped(rows, lambda row: row.release_id)


def guardians_of(case_id: bytes) -> Sequence[GuardianRelation]:
    """Read who holds parental authority or guardianship, ended ones left out."""
    return db.session.scalars(
        select(GuardianRelation)
        .where(GuardianRelation.case_id == case_id, GuardianRelation.ended_on.is_(None))
        .order_by(GuardianRelation.checked_on, GuardianRelation.id)
    ).all()


def consents_of(case_id: bytes) -> Sequence[VoluntaryConsent]:
    """Read the consents to voluntary help in a case, newest first."""
    return db.session.scalars(
        select(VoluntaryConsent)
        .where(VoluntaryConsent.case_id == case_id)
        .order_by(VoluntaryConsent.recorded_at.desc(), VoluntaryConsent.id)
    ).all()


def decisions_of(
    organisation_id: bytes, municipalities: Collection[str]
) -> Sequence[DisclosureDecision]:
    """Read the disclosure decisions of a provider in these municipalities."""
    return db.session.scalars(
        select(DisclosureDecision)
        .where(
            DisclosureDecision.provider_organisation_id == organisation_id,
            DisclosureDecision.municipality.in_(municipalities),
        )
        .order_by(DisclosureDecision.valid_until, DisclosureDecision.id)
    ).all()


def notes_of(case_id: bytes, organisation_id: bytes) -> Sequence[WeighingNote]:
    """Read the weighing notes that an organisation wrote in a case."""
    return db.session.scalars(
        select(WeighingNote)
        .where(WeighingNote.case_id == case_id, WeighingNote.organisation_id == organisation_id)
        .order_by(WeighingNote.review_on.desc(), WeighingNote.id)
    ).all()
