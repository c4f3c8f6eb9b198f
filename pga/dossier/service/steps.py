"""Steps of a case: who may take which, what still lacks, and the records a step needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stdnum.nl import bsn as bsn_number

from audit.entries import Action
from auth import queries as people
from auth.rules import Role
from config import clock
from config.errors import ForbiddenError, InvalidInputError
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.models import InformDelay
from pga.cases.rules import (
    ENDED,
    LONGEST_DELAY_DAYS,
    PHASE_OF,
    CaseState,
    Need,
    ParticipantTask,
    Step,
    WorkKind,
    age_on,
    find_step,
    is_running,
    steps_from,
)
from pga.dossier.rules import (
    BSN_CATEGORY,
    IDENTITY_OF,
    ItemKind,
    StepReason,
    is_in_target_group,
)
from pga.dossier.service import aftercare
from pga.dossier.service.aftercare import Aftercare, has_aftercare
from pga.dossier.service.contributions import NewItem, bring
from pga.dossier.service.endings import end_work
from pga.policy.codes import Partner, Track
from pga.sharing import queries
from pga.sharing.service.changes import (
    Act,
    Desk,
    may_bring,
    require_exchange,
    require_partner,
    write,
)

CASE_CATEGORY = "CASE"
LEADS = frozenset({"GPR", "GCR"})


@dataclass(frozen=True, slots=True)
class Possible:
    """A step this seat may take, with what it still lacks."""

    step: Step
    lacks: tuple[Need, ...]


def possible_steps(desk: Desk) -> list[Possible]:
    """List the steps of this seat with what each still lacks, for the page to show."""
    state = CaseState(desk.facts.case.state)
    if not desk.facts.is_in_force:
        step = find_step(state, CaseState.CLOSED, in_force=False)
        steps: Sequence[Step] = (step,) if step and desk.seat.partner in step.by else ()
    else:
        steps = [s for s in steps_from(state, desk.seat.partner) if _has_step(desk, s.target)]
    return [Possible(step, lacking(desk, step)) for step in steps]


def lacking(desk: Desk, step: Step) -> tuple[Need, ...]:
    """Tell what a step still lacks; what is asked on the form of the step never counts here."""
    met = {
        Need.REASON: True,
        Need.AFTERCARE_PARTNER: True,
        Need.REQUIRED_FIELDS: _has(desk, ItemKind.SIGNAL),
        Need.AGE: is_in_target_group(age_on(desk.facts.case.born_on, desk.today)),
        Need.NO_DUPLICATE: True,
        Need.WEIGHING_NOTE: _note(desk) is not None,
        Need.SECOND_PERSON: _is_approved(desk),
        Need.INFORMED: _is_informed(desk),
        Need.CASE_MANAGER: _has_case_manager(desk),
        Need.ACTIONS_COMPLETE: _has_complete_plan(desk),
        Need.VIEW_OF_YOUTH: _has(desk, ItemKind.YOUTH_VIEW),
        Need.AGREEMENT_IN_FORCE: desk.facts.is_in_force,
    }
    return tuple(need for need in step.needs if not met[need])


def take(
    desk: Desk,
    target: CaseState,
    reason: StepReason | None = None,
    keeps_contact: Aftercare | None = None,
) -> None:
    """Take a step of a case; the step to aftercare names who keeps contact.

    Raises StepNotAllowedError for a step that does not exist, ForbiddenError for another
    partner's step, and InvalidInputError that names everything it still lacks.
    """
    facts = desk.facts
    step = find_step(CaseState(facts.case.state), target, in_force=facts.is_in_force)
    if step is None or not _has_step(desk, target):
        raise cases.StepNotAllowedError
    require_partner(desk, *step.by)
    lacks = lacking(desk, step)
    if lacks:
        raise InvalidInputError({need: [f"This is still needed: {need}"] for need in lacks})
    if Need.REASON in step.needs and reason is None:
        raise InvalidInputError({"reason": ["Choose a reason."]})
    keeps = aftercare.checked(desk, keeps_contact) if target is CaseState.AFTERCARE else None

    def then() -> None:
        cases.take_step(facts.case, target, in_force=facts.is_in_force)
        if keeps is not None:
            aftercare.begin(desk, keeps)
        if target in ENDED:
            end_work(facts.case, facts.agreement, step, desk.viewer.person_id)

    act = Act(
        Action.TRANSITION,
        reason=reason or "",
        recipients=(keeps.organisation_id.hex(),) if keeps else (),
        facts={"from": step.source, "to": target, "phase": PHASE_OF[target]},
    )
    write(desk, act, (), then)


def _has_step(desk: Desk, target: CaseState) -> bool:
    """Tell whether the track of the case knows a state at all."""
    return target is not CaseState.AFTERCARE or has_aftercare(desk.facts.case.track)


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """Who the youth is, from the municipality's own register (BRP)."""

    first_name: str
    prefix: str
    surname: str
    born_on: date
    address: str
    postcode: str
    city: str


def file_identity(desk: Desk, new: NewIdentity, recipients: Sequence[bytes] = ()) -> bytes:
    """File the identity under its own category, once the signal was admitted (INTAKE).

    Partners whose cell asks it read it as named recipients alone: `recipients` are person ids.
    """
    require_partner(desk, *LEADS)
    return bring(
        desk,
        NewItem(
            kind=ItemKind.IDENTITY,
            category=IDENTITY_OF[desk.facts.case.track],
            title=ItemKind.IDENTITY,
            text="",
            extra={
                "first_name": new.first_name,
                "prefix": new.prefix,
                "surname": new.surname,
                "born_on": new.born_on.isoformat(),
                "address": new.address,
                "postcode": new.postcode,
                "city": new.city,
            },
            recipients=recipients,
        ),
    )


def file_bsn(desk: Desk, bsn: str, recipients: Sequence[bytes] = ()) -> bytes:
    """File the citizen service number; by law few may read it, each named (UAVG 46, G4).

    Raises InvalidInputError for one that fails the 11-test, or where the track has no place for it.
    """
    require_partner(desk, "GPR")
    if desk.facts.case.track != Track.YOUTH or not bsn_number.is_valid(bsn):
        raise InvalidInputError({"bsn": ["This is not a valid BSN."]})
    return bring(
        desk,
        NewItem(
            kind=ItemKind.BSN,
            category=BSN_CATEGORY,
            title=ItemKind.BSN,
            text="",
            extra={"bsn": bsn_number.compact(bsn)},
            recipients=recipients,
        ),
    )


def record_informed(desk: Desk, informed_on: date) -> None:
    """Record that the youth and parents were informed (AVG 13, 14; R-30).

    That is no exchange, so it stays possible when agreement or case have ended (R-01).
    """
    require_partner(desk, *LEADS)
    if not desk.facts.case.opened_at.date() <= informed_on <= desk.today:
        raise InvalidInputError({"informed_on": ["Choose a day since the signal, up to today."]})

    def then() -> None:
        cases.record_informed(desk.facts.case, informed_on)
        for task in case_rows.waiting_of_kind(desk.facts.case.id, WorkKind.INFORM_YOUTH):
            cases.finish_work(task, desk.viewer.person_id)

    write(desk, Act(Action.UPDATE, facts={"change": "informed"}), (), then)


def record_delay(desk: Desk, reason: InformDelay, until: date, approved_by: bytes) -> None:
    """Put informing off, with the privacy officer's approval, four weeks at most (R-30).

    Raises InvalidInputError when the approver is no privacy officer of this municipality.
    """
    require_exchange(desk)
    require_partner(desk, "GPR")
    problems: dict[str, list[str]] = {}
    if not 0 <= (until - desk.today).days <= LONGEST_DELAY_DAYS:
        problems["until"] = ["Choose a day within four weeks from now."]
    officers = {
        membership.person_id
        for membership in people.people_of_municipality(
            desk.facts.case.municipality, desk.today, {Role.PRIVACY_OFFICER}
        )
    }
    if approved_by not in officers:
        problems["approved_by"] = ["Choose the privacy officer who approved this."]
    if problems:
        raise InvalidInputError(problems)

    def then() -> None:
        cases.record_delay(desk.facts.case, reason, until, approved_by)
        for task in case_rows.waiting_of_kind(desk.facts.case.id, WorkKind.INFORM_YOUTH):
            task.due_at = max(task.due_at or clock.now(), clock.end_of(until))

    act = Act(Action.UPDATE, reason=reason, facts={"change": "informing-delayed"})
    write(desk, act, (), then)


def record_review(desk: Desk) -> None:
    """Record that necessity was looked at again; the next review is in three months (R-34)."""
    require_partner(desk, *LEADS)
    if not desk.facts.is_in_force:
        raise ForbiddenError

    def then() -> None:
        cases.record_review(desk.facts.case)

    write(desk, Act(Action.UPDATE, facts={"change": "reviewed"}), (), then)


def set_restriction(desk: Desk, *, is_restricted: bool) -> None:
    """Restrict the case until an objection is decided, or lift the restriction (AVG 18; R-33)."""
    require_partner(desk, "GPR")

    def then() -> None:
        if is_restricted:
            cases.restrict(desk.facts.case)
        else:
            cases.lift_restriction(desk.facts.case)

    what = "restricted" if is_restricted else "restriction-lifted"
    write(desk, Act(Action.RIGHTS_REQ, facts={"change": what}), (), then)


def may_review(desk: Desk) -> bool:
    """Tell whether this seat may record a review: a lead, of a running case under an agreement."""
    has_ended = CaseState(desk.facts.case.state) in ENDED
    return desk.seat.partner in LEADS and desk.facts.is_in_force and not has_ended


def may_delay(desk: Desk) -> bool:
    """Tell whether this seat may put informing off: the process lead, under an agreement."""
    place = (desk.seat.organisation_id, desk.seat.partner)
    is_party = desk.facts.is_in_force and place in desk.facts.signed
    return desk.seat.partner == Partner.GPR and is_party


def may_file_identity(desk: Desk) -> bool:
    """Tell whether the identity still waits to be filed, and this seat may file it now."""
    category = IDENTITY_OF[desk.facts.case.track]
    waits = desk.seat.partner in LEADS and not _has(desk, ItemKind.IDENTITY)
    return waits and may_bring(desk, category).is_allowed


def may_file_bsn(desk: Desk) -> bool:
    """Tell whether the citizen number still waits, and this seat may file it now (UAVG 46)."""
    may_have = desk.facts.case.track == Track.YOUTH and desk.seat.partner == Partner.GPR
    waits = may_have and not _has(desk, ItemKind.BSN)
    return waits and may_bring(desk, BSN_CATEGORY).is_allowed


def _has(desk: Desk, kind: ItemKind) -> bool:
    """Tell whether the case has a standing item of a kind."""
    return any(item.kind == kind and item.status == "current" for item in desk.facts.items)


def _note(desk: Desk) -> bytes | None:
    """Find the weighing note over the whole case, if it still runs."""
    return next(
        (
            note.id
            for note in desk.facts.notes
            if note.category == CASE_CATEGORY and desk.today <= note.review_on
        ),
        None,
    )


def _is_approved(desk: Desk) -> bool:
    """Tell whether a second person approved the weighing note over the case."""
    return any(
        row.category == CASE_CATEGORY and row.approved_at is not None
        for row in queries.notes_of(desk.facts.case.id, desk.seat.organisation_id)
    )


def _is_informed(desk: Desk) -> bool:
    """Tell whether the youth was informed or a delay record still runs (R-30)."""
    case = desk.facts.case
    return case.informed_on is not None or (
        case.delay_until is not None and case.delay_until >= desk.today
    )


def _has_case_manager(desk: Desk) -> bool:
    """Tell whether a case manager (casusregisseur) is named."""
    return any(
        p.task == ParticipantTask.CASE_MANAGEMENT
        and is_running(p.from_on, p.until_on, p.ended_on, desk.today)
        for p in desk.facts.participants
    )


def _has_complete_plan(desk: Desk) -> bool:
    """Tell whether there is a goal, and every action has an owner and a day."""
    actions = [
        item
        for item in desk.facts.items
        if item.kind == ItemKind.ACTION and item.status == "current"
    ]
    return (
        _has(desk, ItemKind.GOAL)
        and bool(actions)
        and all(item.due_on and item.responsible_person_id for item in actions)
    )
