"""Secrecy releases: record, confirm, decline, withdraw. A release is never a legal basis (R-24).

Anyone at the table may record what the youth or a representative said; it opens nothing until
the bound professional of the provider confirms it, and only that professional may record a
conflict of duties (R-16). Withdrawing asks no reason and anyone the youth tells may do it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit.entries import Action
from config import clock
from config.database import db
from config.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements.queries import table_of
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.rules import WorkKind, age_on
from pga.records import service as records
from pga.sharing import queries
from pga.sharing.models import ReleaseAnswer, SecrecyRelease
from pga.sharing.rules import (
    LONGEST_RELEASE_DAYS,
    Answer,
    Given,
    ReleaseKind,
    answers_suffice,
    release_holds,
    rests_on_representative,
)
from pga.sharing.service.changes import Act, Desk, require_exchange, sit_down, write
from pga.sharing.service.judge import signed_places
from pga.sharing.service.notices import tell_readers

TEXT_VERSION = "2026-1"
NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class NewRelease:
    """What a release must say (R-23): who may tell what to whom, what for and how long.

    `answers` holds the answer of the youth under None and of each guardian under its id;
    `reasons` why an answer was replaced, by the same keys.
    """

    kind: ReleaseKind
    provider_organisation_id: bytes
    provider: str
    categories: Sequence[str]
    recipients: Sequence[bytes]
    valid_until: date
    way: str
    language_level: str
    answers: Mapping[bytes | None, Answer]
    reasons: Mapping[str, str]
    purpose: str | None = None


def record_release(desk: Desk, new: NewRelease) -> SecrecyRelease:
    """Record a release; it waits for the bound professional, who gets a task.

    Raises ForbiddenError when somebody else than the provider records a duty or a conflict of
    duties, and InvalidInputError for a scope outside the agreement (R-01).
    """
    require_exchange(desk)
    _check_scope(desk, new)
    is_provider = desk.seat.owns(new.provider_organisation_id, new.provider)
    if new.kind is not ReleaseKind.CONSENT and not is_provider:
        raise ForbiddenError
    today = desk.today
    given = [Given(who, answer) for who, answer in new.answers.items()]
    purpose = new.purpose or desk.facts.case.purpose
    release = SecrecyRelease(
        id=new_id(),
        case_id=desk.facts.case.id,
        kind=new.kind,
        provider_organisation_id=new.provider_organisation_id,
        provider=new.provider,
        categories=sorted(new.categories),
        recipients=sorted(recipient.hex() for recipient in new.recipients),
        purpose=purpose,
        valid_from=today,
        valid_until=new.valid_until,
        text_version=TEXT_VERSION,
        language_level=new.language_level,
        way=new.way,
        asked_on=today,
        asked_by=desk.viewer.person_id,
        age_when_asked=age_on(desk.facts.case.born_on, today),
        rests_on_representative=rests_on_representative(given),
        recorded_at=clock.now(),
    )
    changes = []
    if new.reasons:
        reason = records.Create(
            category=NOTE,
            kind="release_reason",
            content=dict(new.reasons),
            owner_organisation_id=desk.seat.organisation_id,
            owner_partner=desk.seat.partner,
            author_person_id=desk.viewer.person_id,
            purpose=purpose,
        )
        release.item_id = reason.id
        changes.append(reason)

    def then() -> None:
        db.session.add(release)
        db.session.flush()  # the answers point at the release
        db.session.add_all(
            ReleaseAnswer(
                id=new_id(),
                release_id=release.id,
                guardian_id=who,
                answer=answer,
                answered_on=today,
            )
            for who, answer in new.answers.items()
        )
        if not is_provider:
            cases.add_work(
                desk.facts.case.id,
                cases.NewWork(
                    WorkKind.CONFIRM_RELEASE,
                    organisation_id=new.provider_organisation_id,
                    partner=new.provider,
                    about_id=release.id,
                ),
            )
        else:
            _confirm(desk, release)
        _finish_renewals(desk, release)
        cases.touch(desk.facts.case)

    write(desk, _act(Action.CONSENT_SET, release, "recorded"), changes, then)
    return release


def _check_scope(desk: Desk, new: NewRelease) -> None:
    """Refuse a release beyond the agreement, or without a reader, subject or future."""
    table = table_of(desk.facts.agreement)
    signed = signed_places(desk.facts)
    problems: dict[str, list[str]] = {}
    if (new.provider_organisation_id, new.provider) not in signed:
        problems["provider"] = ["Choose an organisation that signed the agreement."]
    if not new.categories or not set(new.categories) <= set(table.categories):
        problems["categories"] = ["Choose at least one subject."]
    if not new.recipients:
        problems["recipients"] = ["Choose at least one organisation that may read."]
    elif not set(new.recipients) <= {organisation_id for organisation_id, _partner in signed}:
        problems["recipients"] = ["Choose organisations that signed the agreement."]
    if new.valid_until < desk.today:
        problems["valid_until"] = ["Choose a day that has not passed."]
    elif (new.valid_until - desk.today).days > LONGEST_RELEASE_DAYS:
        problems["valid_until"] = ["Choose a day within a year from now."]
    if new.provider_organisation_id in new.recipients:
        problems["recipients"] = ["An organisation does not release to itself."]
    if new.kind is ReleaseKind.CONSENT and not new.answers:
        problems["answers"] = ["Fill in what was answered."]
    if problems:
        raise InvalidInputError(problems)


def confirm(desk: Desk, release_id: bytes) -> SecrecyRelease:
    """Let the bound professional of the provider put a release into effect (R-16).

    Consent is no duty: the professional may decline instead. Raises ForbiddenError for anyone
    else and InvalidInputError while an answer is missing or somebody disagrees.
    """
    require_exchange(desk)
    release = _waiting(desk, release_id)
    if not suffices(desk, release):
        raise InvalidInputError(
            {"answers": ["Not everyone who must answer has agreed, so this opens nothing."]}
        )

    def then() -> None:
        _confirm(desk, release)
        _finish(desk, release)
        cases.touch(desk.facts.case)

    write(desk, _act(Action.RELEASE, release, "confirmed"), (), then)
    return release


def decline(desk: Desk, release_id: bytes) -> None:
    """Let the bound professional keep silent; nobody else learns that (R-26, R-29)."""
    release = _waiting(desk, release_id)

    def then() -> None:
        release.declined_at = clock.now()
        _finish(desk, release)
        cases.touch(desk.facts.case)

    write(desk, _act(Action.RELEASE, release, "declined"), (), then)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a withdrawal closes for one organisation: categories and the number of items."""

    organisation_id: bytes
    categories: tuple[str, ...]


def what_closes(release: SecrecyRelease) -> list[Closing]:
    """Preview a withdrawal: for whom it closes what; the same whether items exist or not (R-29)."""
    return [
        Closing(bytes.fromhex(recipient), tuple(release.categories))
        for recipient in release.recipients
    ]


def withdraw(desk: Desk, release_id: bytes) -> SecrecyRelease:
    """Withdraw a release: from this commit on nothing that rests on it opens (AVG 7(3), R-25).

    Any participant whom the youth tells may record it, without a reason, also after the
    agreement ended. Who lawfully read something before gets the task not to use it any more.
    """
    release = find(desk, release_id)
    if release.withdrawn_at is not None:
        raise ConflictError

    def then() -> None:
        release.withdrawn_at = clock.now()
        release.withdrawn_by = desk.viewer.person_id
        _finish(desk, release)
        cases.touch(desk.facts.case)
        tell_readers(
            desk,
            WorkKind.STOP_USING,
            {
                item.id: item.category
                for item in desk.facts.items
                if item.owner_organisation_id == release.provider_organisation_id
                and item.owner_partner == release.provider
                and item.category in release.categories
            },
            only=frozenset(bytes.fromhex(text) for text in release.recipients),
        )

    write(desk, _act(Action.CONSENT_WITHDRAW, release, "withdrawn"), (), then)
    return release


def known_to_close(desk: Desk) -> list[SecrecyRelease]:
    """Preview withdrawing everything: the releases that close, as far as a seat may know of them.

    What the seat may not know of closes too. It is left out and not counted, so the preview is
    the same with and without it (R-29).
    """
    return [
        row
        for row in queries.releases_of(desk.facts.case.id)
        if _rests_on_consent(row) and may_know(desk, row)
    ]


def withdraw_all(desk: Desk) -> None:
    """Withdraw every release by consent in the case, for a participant whom the youth tells (R-25).

    It says nothing of which releases there were, or whether there were any (R-29). A duty by law
    or a conflict of duties is the professional's own and does not rest on what the youth wants.
    """
    for row in queries.releases_of(desk.facts.case.id):
        if _rests_on_consent(row):
            withdraw(sit_down(desk.viewer, desk.facts.case.id), row.id)


def _rests_on_consent(release: SecrecyRelease) -> bool:
    """Tell whether a release was given by consent and not taken back since."""
    return release.kind == ReleaseKind.CONSENT and release.withdrawn_at is None


def find(desk: Desk, release_id: bytes) -> SecrecyRelease:
    """Read a release of this case; raises NotFoundError for any other."""
    release = queries.release(release_id)
    if release is None or release.case_id != desk.facts.case.id:
        raise NotFoundError
    return release


def may_know(desk: Desk, release: SecrecyRelease) -> bool:
    """Tell whether a seat may know that a release exists: provider, recipients and who asked.

    For everyone else nothing asked, refused and withdrawn look the same (R-29).
    """
    return (
        desk.seat.owns(release.provider_organisation_id, release.provider)
        or release.asked_by == desk.viewer.person_id
        or (
            desk.seat.organisation_id.hex() in release.recipients
            and any(
                f.id == release.id and release_holds(f, desk.today) for f in desk.facts.releases
            )
        )
    )


def suffices(desk: Desk, release: SecrecyRelease) -> bool:
    """Tell whether everyone who must answer a release has agreed (R-23)."""
    if release.kind != ReleaseKind.CONSENT:
        return True
    given = [
        Given(answer.guardian_id, Answer(answer.answer))
        for answer in queries.answers_of([release.id])[release.id]
    ]
    recipients = [bytes.fromhex(text) for text in release.recipients]
    return answers_suffice(release.age_when_asked, desk.facts.guardians, given, recipients)


def _waiting(desk: Desk, release_id: bytes) -> SecrecyRelease:
    """Find a release that waits for this professional.

    Raises ForbiddenError for anyone else, and NotFoundError for who may not know of it (R-29).
    """
    release = find(desk, release_id)
    if not desk.seat.owns(release.provider_organisation_id, release.provider):
        raise ForbiddenError if may_know(desk, release) else NotFoundError
    if release.confirmed_at or release.declined_at or release.withdrawn_at:
        raise ConflictError
    return release


def _confirm(desk: Desk, release: SecrecyRelease) -> None:
    """Put the professional's name and the moment on a release."""
    release.confirmed_at = clock.now()
    release.confirmed_by = desk.viewer.person_id


def _finish(desk: Desk, release: SecrecyRelease) -> None:
    """Close the tasks that waited for this release."""
    for task in case_rows.waiting_about(release.id):
        cases.finish_work(task, desk.viewer.person_id)


def _finish_renewals(desk: Desk, release: SecrecyRelease) -> None:
    """Close the tasks to ask anew about older releases of the same kind of information."""
    same = {
        fact.id
        for fact in desk.facts.releases
        if fact.provider_organisation_id == release.provider_organisation_id
        and fact.provider == release.provider
        and fact.categories <= set(release.categories)
    }
    for task in case_rows.waiting_of_kind(release.case_id, WorkKind.RENEW_RELEASE):
        if task.about_id in same:
            cases.finish_work(task, desk.viewer.person_id)


def _act(action: Action, release: SecrecyRelease, what: str) -> Act:
    """Describe a change of a release for the log, without content."""
    return Act(
        action,
        recipients=tuple(release.recipients),
        facts={"release": release.id.hex(), "change": what, "provider": release.provider},
    )
