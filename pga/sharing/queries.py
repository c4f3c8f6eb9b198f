"""Reads of the sharing room: everything a decision needs to know of cases, in a fixed number."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select

from config.database import Base, db
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement, Party
from pga.cases import queries as cases
from pga.cases.models import Case, Participant, Replacement
from pga.records.models import SealedItem
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


def _grouped(rows: Iterable[T], key: Callable[[T], bytes]) -> Mapping[bytes, list[T]]:
    """Group rows by the case or release they belong to."""
    found: dict[bytes, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _of_cases(model: type[Base], condition: ColumnElement[bool]) -> Select[Any]:
    """Make a statement that reads bare rows: facts are made of them, and nobody changes one."""
    return select(*model.__table__.columns).where(condition)


# Statements are made once: building one costs more than running it on a small table.
_IDS: BindParameter[bytes] = bindparam("case_ids", expanding=True)
_GUARDIANS = _of_cases(GuardianRelation, GuardianRelation.case_id.in_(_IDS))
_RELEASES = _of_cases(SecrecyRelease, SecrecyRelease.case_id.in_(_IDS))
_ANSWERS = _of_cases(
    ReleaseAnswer,
    ReleaseAnswer.release_id.in_(select(SecrecyRelease.id).where(SecrecyRelease.case_id.in_(_IDS))),
)
_DECISIONS = _of_cases(
    DisclosureDecision,
    or_(
        DisclosureDecision.case_id.in_(_IDS),
        and_(
            DisclosureDecision.case_id.is_(None),
            DisclosureDecision.municipality.in_(select(Case.municipality).where(Case.id.in_(_IDS))),
        ),
    ),
)
_NOTES = _of_cases(WeighingNote, WeighingNote.case_id.in_(_IDS))
_ITEMS = (
    select(SealedItem).where(SealedItem.case_id.in_(_IDS)).execution_options(populate_existing=True)
)


def _bare(statement: Select[Any], of_cases: Mapping[str, list[bytes]]) -> list[Any]:
    """Read bare rows, which have the attributes of their model."""
    return list(db.session.connection().execute(statement, of_cases))


def load_facts(case_ids: Collection[bytes], today: date) -> dict[bytes, CaseFacts]:
    """Read the facts of these cases; the number of queries is the same for one and for many."""
    found = cases.cases_by_id(case_ids)
    versions = agreements.agreements_by_id({case.agreement_id for case in found.values()})
    parties = agreements.parties_of(list(versions))
    participants = cases.participants_of(case_ids)
    replacements = cases.replacements_of(case_ids)
    of_cases = {"case_ids": list(case_ids)}
    items = _grouped(db.session.scalars(_ITEMS, of_cases), lambda row: row.case_id)
    guardians = _grouped(_bare(_GUARDIANS, of_cases), lambda row: row.case_id)
    releases = _grouped(_bare(_RELEASES, of_cases), lambda row: row.case_id)
    answers = _grouped(_bare(_ANSWERS, of_cases), lambda row: row.release_id)
    decisions = _bare(_DECISIONS, of_cases)
    notes = _grouped(_bare(_NOTES, of_cases), lambda row: row.case_id)
    taking_part = {
        key: [party for party in parties[key] if agreements.has_signed(party, today)]
        for key in versions
    }
    signed = {
        key: frozenset((party.organisation_id, party.partner) for party in rows)
        for key, rows in taking_part.items()
    }
    facts = {}
    for case_id, case in found.items():
        version = versions[case.agreement_id]
        held = [guardian_fact(row) for row in guardians[case_id] if row.ended_on is None]
        facts[case_id] = CaseFacts(
            case=case,
            agreement=version,
            parties=taking_part[version.id],
            signed=signed[version.id],
            participants=participants[case_id],
            replacements=replacements[case_id],
            guardians=held,
            releases=[
                release_fact(row, answers[row.id], held, case.born_on) for row in releases[case_id]
            ],
            decisions=[
                decision_fact(row)
                for row in decisions
                if row.case_id == case_id
                or (row.case_id is None and row.municipality == case.municipality)
            ],
            notes=[note_fact(row) for row in notes[case_id]],
            items=items[case_id],
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
