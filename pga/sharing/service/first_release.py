"""The release under which a provider bound by secrecy sends a signal, asked before any case (R-16).

It is a release like any other and kept with the first rows of the case. The submitter is itself
the bound professional, so it holds as it is recorded. It names one category, the signal, and one
reader, the municipality whose process lead reads it (INTAKE, G3).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from config import clock
from config.database import db
from config.errors import InvalidInputError
from config.ids import new_id
from pga.cases.rules import age_on
from pga.cases.service import NewCase
from pga.policy.codes import Category
from pga.records import service as records
from pga.sharing.models import GuardianRelation, ReleaseAnswer, SecrecyRelease
from pga.sharing.rules import (
    LONGEST_RELEASE_DAYS,
    Answer,
    Given,
    Guardian,
    GuardianKind,
    ReleaseKind,
    answers_suffice,
    rests_on_representative,
)
from pga.sharing.service.guardians import FAMILY
from pga.sharing.service.releases import NOTE, TEXT_VERSION
from pga.sharing.service.seats import Seat


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds authority over the youth, and what this one answered."""

    kind: GuardianKind
    name: str
    source: str
    checked_on: date
    answer: Answer
    organisation_id: bytes | None = None
    is_disputed: bool = False
    id: bytes = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class FirstRelease:
    """What was asked and answered; `reasons` say why an answer was replaced, or which duty it is.

    `youth` is None when the youth was not asked.
    """

    kind: ReleaseKind
    youth: Answer | None
    holders: Sequence[Holder]
    way: str
    language_level: str
    valid_until: date
    reasons: Mapping[str, str] = field(default_factory=dict)
    id: bytes = field(default_factory=new_id)


def check(new: FirstRelease) -> None:
    """Refuse a release with a gap; raises InvalidInputError."""
    problems: dict[str, list[str]] = {}
    is_asked = new.kind is ReleaseKind.CONSENT
    if is_asked and new.youth is None and not new.holders:
        problems["youth_answer"] = ["Fill in what was answered."]
    if not is_asked and not new.reasons.get("conflict", "").strip():
        problems["conflict"] = ["Say in your own words which duty this is."]
    if new.valid_until < clock.today():
        problems["release_until"] = ["Choose a day that has not passed."]
    elif (new.valid_until - clock.today()).days > LONGEST_RELEASE_DAYS:
        problems["release_until"] = ["Choose a day within a year from now."]
    if problems:
        raise InvalidInputError(problems)


def opens(new: FirstRelease, born_on: date | None, recipient: bytes) -> bool:
    """Tell whether everyone who must answer at this age agreed, or no answer is needed (R-23)."""
    if new.kind is not ReleaseKind.CONSENT:
        return True
    holders = [Guardian(one.id, one.organisation_id, one.is_disputed) for one in new.holders]
    return answers_suffice(age_on(born_on, clock.today()), holders, _given(new), [recipient])


@dataclass(frozen=True, slots=True)
class FirstRows:
    """What a case starts with for its release: sealed items, and `add` for the plain rows."""

    items: Sequence[records.Create]
    add: Callable[[], None]


def rows_of(new: FirstRelease, case: NewCase, seat: Seat, recipient: bytes) -> FirstRows:
    """Make the rows of a release for a case that is about to start."""
    names = {one.id: _sealed(case, seat, "guardian", {"name": one.name}) for one in new.holders}
    reason = _sealed(case, seat, "release_reason", dict(new.reasons)) if new.reasons else None

    def add() -> None:
        db.session.add_all(
            GuardianRelation(
                id=holder.id,
                case_id=case.id,
                kind=holder.kind,
                source=holder.source,
                checked_on=holder.checked_on,
                is_disputed=holder.is_disputed,
                organisation_id=holder.organisation_id,
                item_id=names[holder.id].id,
            )
            for holder in new.holders
        )
        db.session.add(_release(new, case, seat, recipient, reason.id if reason else None))
        db.session.flush()  # the answers point at the release
        db.session.add_all(
            ReleaseAnswer(
                id=new_id(),
                release_id=new.id,
                guardian_id=given.guardian_id,
                answer=given.answer,
                answered_on=clock.today(),
            )
            for given in _given(new)
        )

    return FirstRows([*names.values(), *([reason] if reason else [])], add)


def _given(new: FirstRelease) -> list[Given]:
    """List the answers, that of the youth first."""
    youth = [] if new.youth is None else [Given(None, new.youth)]
    return youth + [Given(holder.id, holder.answer) for holder in new.holders]


def _sealed(case: NewCase, seat: Seat, kind: str, content: dict[str, object]) -> records.Create:
    """Seal a name or a reason as an item of the submitter alone."""
    return records.Create(
        category=FAMILY[case.track] if kind == "guardian" else NOTE,
        kind=kind,
        content=content,
        owner_organisation_id=seat.organisation_id,
        owner_partner=seat.partner,
        author_person_id=seat.person_id,
        purpose=case.purpose,
    )


def _release(
    new: FirstRelease, case: NewCase, seat: Seat, recipient: bytes, item_id: bytes | None
) -> SecrecyRelease:
    """Write the release, confirmed by the professional who records it (R-16)."""
    today, at = clock.today(), clock.now()
    return SecrecyRelease(
        id=new.id,
        case_id=case.id,
        kind=new.kind,
        provider_organisation_id=seat.organisation_id,
        provider=seat.partner,
        categories=[Category.SIGNAL],
        recipients=[recipient.hex()],
        purpose=case.purpose,
        valid_from=today,
        valid_until=new.valid_until,
        text_version=TEXT_VERSION,
        language_level=new.language_level,
        way=new.way,
        asked_on=today,
        asked_by=seat.person_id,
        age_when_asked=age_on(case.born_on, today),
        rests_on_representative=rests_on_representative(_given(new)),
        recorded_at=at,
        confirmed_at=at,
        confirmed_by=seat.person_id,
        item_id=item_id,
    )
