"""The life of a version: each step with what it needs, its entry in the log first, its own row.

A step raises the epoch of the version, so that what was decided before it opens nothing after it.
Two people at the same step: the second is told that it has been taken.
"""

from collections.abc import Collection, Sequence
from typing import Final

from audit.entries import Actor
from auth.models import Membership
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import ApplicationError, ForbiddenError, InvalidInputError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.clauses import with_marks
from pga.agreements.models import Agreement, AgreementEdit, AgreementState
from pga.agreements.rules import FORWARD, MODEL_WAYS, WAYS, Need, Step, unmet
from pga.agreements.service.desk import MUNICIPAL, Desk
from pga.agreements.service.recording import (
    NOTHING,
    ChangedMeanwhileError,
    Given,
    enter,
    hold,
    step_row,
)
from pga.agreements.service.standing import Seen, see
from pga.policy.document import dump
from pga.policy.places import Place, PlaceKind
from pga.policy.writing import hash_of

WORKER: Final = Actor(
    person="", organisation="", partner="", role="worker", session="", auth_level=""
)
NOT_YET: Final = "This day is still to come."
FILL_IN: Final = "Fill this in."
DPIA_OUTCOMES: Final = ("low", "accepted", "consulted")
"""What a DPIA ended with: little risk left, accepted, or put before the authority (AVG 36)."""


class AgreementNotReadyError(ApplicationError):
    """A version misses what a step needs; `needs` is everything that is missing."""

    status = 422
    code = "agreement-not-ready"
    message = "This step cannot be taken yet. The list shows what is missing."

    def __init__(self, needs: Sequence[Need]) -> None:
        """Keep everything that is missing."""
        super().__init__()
        self.needs = tuple(needs)


def seat_for(desk: Desk, roles: Collection[Role]) -> Membership | None:
    """Give the seat from which somebody takes a step, if this person has one.

    A model is kept by the advisers; a lawyer of any municipality may publish what they propose.
    """
    found = desk.colleague.seats(desk.agreement.municipality, roles)
    if desk.is_model:
        found = [one for one in found if one.role in roles]
        if Role.LAWYER in roles:
            found += [
                one
                for one in desk.colleague.memberships
                if one.role is Role.LAWYER and one.partner in MUNICIPAL
            ]
    return found[0] if found else None


def take(desk: Desk, step: Step, given: Given = NOTHING) -> None:
    """Take a step with a version.

    Raises ForbiddenError for a role that does not take it, ChangedMeanwhileError when there is no
    such step from where it stands, InvalidInputError by field, and AgreementNotReadyError with
    everything that is missing.
    """
    seen = see(desk.agreement)
    actor = _actor(desk, step)
    _refuse_input(step, given, seen.agreement)
    needs = unmet(step, seen.standing, desk.colleague.person_id)
    if needs:
        raise AgreementNotReadyError(needs)
    if step is Step.RECORD_DPIA:
        _record_dpia(seen, actor, given)
    elif step in {Step.ACTIVATE, Step.PUBLISH_MODEL}:
        bring_into_force(seen.agreement, actor, step)
    elif step is Step.TERMINATE:
        _terminate(seen.agreement, actor, given)
    else:
        _move(seen.agreement, actor, step, given)


def _actor(desk: Desk, step: Step) -> Actor:
    """Say who takes a step; raises ForbiddenError, or ChangedMeanwhileError when there is none."""
    way = (MODEL_WAYS if desk.is_model else WAYS).get(step)
    seat = None if way is None else seat_for(desk, way.roles)
    if way is None or seat is None:
        raise ForbiddenError
    if desk.agreement.state not in way.sources:
        raise ChangedMeanwhileError
    return desk.colleague.actor(seat)


def _refuse_input(step: Step, given: Given, agreement: Agreement) -> None:
    """Refuse a step whose fields are not filled in as it asks; raises InvalidInputError."""
    found: dict[str, list[str]] = {}
    today = clock.today()
    if step in {Step.RECORD_DPIA, Step.TERMINATE}:
        if not given.reference:
            found["reference"] = [FILL_IN]
        if given.decided_on is None:
            found["decided_on"] = [FILL_IN]
        elif given.decided_on > today:
            found["decided_on"] = [NOT_YET]
    if step is Step.RECORD_DPIA and given.outcome not in DPIA_OUTCOMES:
        found["outcome"] = ["Make a choice."]
    if not given.remark and (step is Step.RECORD_DPIA or step not in FORWARD):
        found["remark"] = [FILL_IN]
    if given.last_day is not None and not today <= given.last_day <= agreement.valid_until:
        found["last_day"] = ["Choose a day from today on, within the term."]
    if found:
        raise InvalidInputError(found)


def _move(agreement: Agreement, actor: Actor, step: Step, given: Given) -> None:
    """Take a step that changes the state and nothing else."""
    way = (WAYS if agreement.municipality else MODEL_WAYS)[step]
    is_ended = step in {Step.SUSPEND, Step.DROP}
    with transaction():
        hold(agreement, state=way.target, ended_at=clock.now() if is_ended else None)
        db.session.add(step_row(agreement, step, way.target, actor, given))
        db.session.flush()
        enter(agreement, actor, step)


def _record_dpia(seen: Seen, actor: Actor, given: Given) -> None:
    """Record the DPIA (AVG 35), and mark in the text which clauses a lawyer has confirmed by now.

    From here on the text is what will be signed.
    """
    agreement = seen.agreement
    marked = with_marks(seen.document, seen.clauses)
    policy_hash = hash_of(marked)
    with transaction():
        if marked == seen.document:
            hold(agreement, state=AgreementState.DPIA_DONE)
        else:
            hold(
                agreement,
                state=AgreementState.DPIA_DONE,
                document=dump(marked),
                policy_hash=policy_hash,
                revision=agreement.revision + 1,
            )
            db.session.add(_marks_edit(seen, dump(marked), actor))
        row = step_row(agreement, Step.RECORD_DPIA, AgreementState.DPIA_DONE, actor, given)
        row.policy_hash = policy_hash
        db.session.add(row)
        db.session.flush()
        enter(
            agreement,
            actor,
            Step.RECORD_DPIA,
            reason=given.reference,
            facts={"outcome": given.outcome, "marked": policy_hash},
        )


def _marks_edit(seen: Seen, marked: str, actor: Actor) -> AgreementEdit:
    """Make the edit that marks clauses as confirmed, for the history of the text."""
    return AgreementEdit(
        id=new_id(),
        agreement_id=seen.agreement.id,
        revision=seen.agreement.revision + 1,
        place=str(Place(PlaceKind.DOCUMENT)),
        before=seen.agreement.document,
        after=marked,
        person_id=bytes.fromhex(actor.person),
        made_at=clock.now(),
    )


def bring_into_force(agreement: Agreement, actor: Actor, how: str) -> None:
    """Bring a version into force; from its first day on it replaces the one before.

    Cases keep the version they are under. Nothing is exchanged under a replaced one, so whoever
    activates decides first which cases go over (`pga.changeover`). A version whose first day is
    still to come leaves the one before in force until then.
    """
    with transaction():
        hold(agreement, state=AgreementState.ACTIVE, activated_at=clock.now())
        db.session.add(step_row(agreement, how, AgreementState.ACTIVE, actor))
        if agreement.valid_from <= clock.today():
            for before in queries.overtaken_by(agreement):
                _close(before, AgreementState.SUPERSEDED, actor)
        db.session.flush()
        enter(agreement, actor, how)


def _terminate(agreement: Agreement, actor: Actor, given: Given) -> None:
    """End a version on a written notice: at once, or after its last day."""
    last_day = given.last_day
    facts = {"last_day": (last_day or clock.today()).isoformat()}
    with transaction():
        if last_day is None or agreement.state == AgreementState.SUSPENDED:
            state = AgreementState.TERMINATED
            hold(agreement, state=state, ended_at=clock.now())
        else:
            state = AgreementState(agreement.state)
            hold(agreement, valid_until=last_day)
        db.session.add(step_row(agreement, Step.TERMINATE, state, actor, given))
        db.session.flush()
        enter(agreement, actor, Step.TERMINATE, reason=given.reference, facts=facts)


def _close(agreement: Agreement, state: AgreementState, actor: Actor) -> None:
    """Put a version out of force; part of the caller's transaction."""
    hold(agreement, state=state, ended_at=clock.now())
    db.session.add(step_row(agreement, state, state, actor))
    db.session.flush()
    enter(agreement, actor, state)


def keep_up() -> None:
    """Let every version be what its dates say: over after its last day, or replaced by the next.

    Nothing waits for this: outside its term a version opens nothing, whatever its state.
    """
    today = clock.today()
    begun: set[tuple[str, str]] = set()
    for agreement in queries.due_to_change(today):
        place = (agreement.municipality, agreement.track)
        if agreement.valid_until < today:
            _end_of_term(agreement)
        elif place in begun:
            with transaction():
                _close(agreement, AgreementState.SUPERSEDED, WORKER)
        else:
            begun.add(place)


def _end_of_term(agreement: Agreement) -> None:
    """End a version whose last day is over: terminated when notice was given, else expired."""
    steps = queries.steps_of([agreement.id])
    was_given = any(step.what == Step.TERMINATE for step in steps)
    with transaction():
        _close(
            agreement,
            AgreementState.TERMINATED if was_given else AgreementState.EXPIRED,
            WORKER,
        )
