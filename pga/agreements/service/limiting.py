"""Editions of the limits: proposed by the region, approved by two others, in force for everybody.

There are no waivers: what no agreement may allow changes in a new edition, for all agreements at
once. From the moment it is in force every decision is made under it. An agreement that breaks it
runs on with what breaks it shut, and its makers are told; nothing is opened by an edition that two
people did not see the effect of.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from sqlalchemy import CursorResult, update

from audit import gate
from audit.entries import Action, Actor, Entry
from auth.models import Membership
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import ApplicationError, ForbiddenError, InvalidInputError
from config.ids import new_id
from pga.agreements import editions
from pga.agreements.editions import UnsoundEditionError, catalogue_in_force
from pga.agreements.models import Agreement, AgreementState, GuardrailEdition
from pga.agreements.service.desk import MADE_IN_THE_OPEN, MAKERS, MUNICIPAL, Colleague, may_see
from pga.agreements.service.recording import ChangedMeanwhileError, enter
from pga.agreements.texts import TEXTS_KEPT, table_of_text
from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import parse_catalogue
from pga.policy.editions import CheckChange, EditionEffect, catalogue_diff, effect_of
from pga.policy.nodes import DocumentError, Problem

APPROVERS: Final = (Role.REGIONAL_ADVISER, Role.LAWYER, Role.DPO)
LONGEST_NAME: Final = 20
HOLDING: Final = frozenset({AgreementState.ACTIVE, AgreementState.SUSPENDED})


class SamePersonError(ApplicationError):
    """Somebody approves an edition they proposed, or a second time."""

    status = 422
    code = "same-person"
    message = "Two others approve an edition, each once. You proposed or approved this one."


@dataclass(frozen=True, slots=True)
class Touched:
    """A version with what an edition does to it."""

    agreement: Agreement
    effect: EditionEffect


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edition beside the one in force (voorstel voor een uitgave): what differs, for whom."""

    catalogue: Catalogue
    against: Catalogue
    changes: Sequence[CheckChange]
    touched: Sequence[Touched]

    @property
    def broken(self) -> Sequence[Touched]:
        """Give the versions that would break a limit they keep to now."""
        return [one for one in self.touched if one.effect.breaks]


def may_read(colleague: Colleague) -> bool:
    """Tell whether the editions are for somebody: who makes agreements, and who advises on them."""
    return any(
        one.role is Role.REGIONAL_ADVISER or (one.partner in MUNICIPAL and one.role in MAKERS)
        for one in colleague.memberships
    )


def may_approve(colleague: Colleague) -> bool:
    """Tell whether this person approves editions at all."""
    return _seat(colleague, APPROVERS) is not None


def seat_to_propose(colleague: Colleague) -> Membership | None:
    """Give the seat from which somebody proposes an edition, if this person has one."""
    return _seat(colleague, (Role.REGIONAL_ADVISER,))


def seat_to_approve(colleague: Colleague, row: GuardrailEdition) -> Membership | None:
    """Give the seat from which somebody can approve an edition now, if this person has one."""
    if not is_open(row) or colleague.person_id in {row.proposed_by, row.first_approved_by}:
        return None
    return _seat(colleague, APPROVERS)


def may_withdraw(colleague: Colleague, row: GuardrailEdition) -> bool:
    """Tell whether somebody can take back an edition: who proposed it, until it is in force."""
    return is_open(row) and row.proposed_by == colleague.person_id


def is_open(row: GuardrailEdition) -> bool:
    """Tell whether an edition still waits for approval."""
    return row.in_force_since is None and row.withdrawn_at is None


def _seat(colleague: Colleague, roles: Collection[Role]) -> Membership | None:
    """Find a seat: of an adviser anywhere, of another role in a municipality."""
    return next(
        (
            one
            for one in colleague.memberships
            if one.role in roles and (one.role is Role.REGIONAL_ADVISER or one.partner in MUNICIPAL)
        ),
        None,
    )


def weigh(colleague: Colleague, text: str) -> Proposal:
    """Say what a text would change as an edition, over every agreement, without proposing it.

    Raises ForbiddenError, DocumentError for a text that is no catalogue or that changes a check
    under its old version, and InvalidInputError for one that changes nothing or has the name of
    another.
    """
    if seat_to_propose(colleague) is None:
        raise ForbiddenError
    catalogue, against = parse_catalogue(text), catalogue_in_force()
    changes = catalogue_diff(against, catalogue)
    _refuse(catalogue, against, changes)
    _refuse_old_versions(text, changes)
    return Proposal(catalogue, against, changes, _touched(colleague, catalogue, against))


def proposal_of(colleague: Colleague, row: GuardrailEdition) -> Proposal:
    """Hold a stored edition against the one in force, over every agreement this person may see.

    Raises UnsoundEditionError when it does not say what was proposed.
    """
    catalogue, against = _read(row), catalogue_in_force()
    changes = catalogue_diff(against, catalogue)
    return Proposal(catalogue, against, changes, _touched(colleague, catalogue, against))


def changed_by(row: GuardrailEdition) -> Proposal:
    """Hold an edition that is or was in force against the one before; what it did is past.

    Raises UnsoundEditionError.
    """
    catalogue, against = _read(row), editions.catalogue_before(row)
    return Proposal(catalogue, against, catalogue_diff(against, catalogue), ())


def _refuse(catalogue: Catalogue, against: Catalogue, changes: Sequence[CheckChange]) -> None:
    """Refuse an edition that cannot be one; raises InvalidInputError."""
    known = {against.edition, *(row.edition for row in editions.editions())}
    faults = []
    if not changes:
        faults.append("This says the same as the edition in force.")
    if catalogue.edition in known:
        faults.append("There is an edition with this name already.")
    if len(catalogue.edition) > LONGEST_NAME:
        faults.append("The name of an edition has at most 20 characters.")
    if faults:
        raise InvalidInputError({"text": faults})


def _refuse_old_versions(text: str, changes: Sequence[CheckChange]) -> None:
    """Refuse each limit that asks something else without a higher version; raises DocumentError."""
    lines = text.splitlines()
    problems = [
        Problem(
            next((at for at, line in enumerate(lines, 1) if names.search(line)), 1),
            f"check {change.code} asks something else, still under version {change.before.version}",
        )
        for change in changes
        if change.is_unversioned and change.before is not None
        for names in [re.compile(rf"\bcode:\s*[\"']?{re.escape(change.code)}[\"']?\s*$")]
    ]
    if problems:
        raise DocumentError(problems)


def _read(row: GuardrailEdition) -> Catalogue:
    """Read a stored edition; raises UnsoundEditionError when it says something else by now."""
    try:
        found = parse_catalogue(row.document)
    except DocumentError as error:
        raise UnsoundEditionError from error
    if found.sha256 != row.sha256:
        raise UnsoundEditionError
    return found


def _touched(colleague: Colleague, new: Catalogue, old: Catalogue) -> Sequence[Touched]:
    """Say what an edition does to every version this person may see, or everybody may."""
    return [
        Touched(row, effect)
        for row in editions.versions_in_use()
        if row.state in MADE_IN_THE_OPEN or may_see(colleague, row)
        if not (effect := _effect(row.document, new, old)).is_empty
    ]


@lru_cache(maxsize=TEXTS_KEPT)
def _effect(text: str, new: Catalogue, old: Catalogue) -> EditionEffect:
    """Say what an edition does to one text, once."""
    (found,) = effect_of(new, [table_of_text(text).document], old)
    return found


def propose(colleague: Colleague, text: str, reason: str) -> GuardrailEdition:
    """Propose an edition, its entry in the log first; raises what `weigh` raises.

    Raises InvalidInputError without a reason.
    """
    found = weigh(colleague, text)
    seat = seat_to_propose(colleague)
    if not reason or seat is None:
        raise InvalidInputError({"reason": ["Fill this in."]})
    row = GuardrailEdition(
        id=new_id(),
        edition=found.catalogue.edition,
        document=text,
        sha256=found.catalogue.sha256,
        reason=reason,
        proposed_by=colleague.person_id,
        proposed_at=clock.now(),
    )
    with transaction():
        db.session.add(row)
        db.session.flush()
        _enter(row, colleague.actor(seat), "propose_limits", reason=reason)
    return row


def approve(colleague: Colleague, row: GuardrailEdition, against: str) -> bool:
    """Approve an edition; tell whether it is in force by that, as it is when two have.

    `against` is the hash of the edition it was compared with on the page: who approves has seen
    what it does now. Raises ForbiddenError, SamePersonError, ChangedMeanwhileError, and
    UnsoundEditionError.
    """
    seat = _seat(colleague, APPROVERS)
    if seat is None:
        raise ForbiddenError
    if not is_open(row) or against != catalogue_in_force().sha256:
        raise ChangedMeanwhileError
    if colleague.person_id in {row.proposed_by, row.first_approved_by}:
        raise SamePersonError
    _read(row)
    actor = colleague.actor(seat)
    if row.first_approved_by is None:
        with transaction():
            _hold(row, first_approved_by=colleague.person_id, first_approved_at=clock.now())
            _enter(row, actor, "approve_limits")
        return False
    _bring_into_force(row, colleague, actor)
    return True


def _bring_into_force(row: GuardrailEdition, colleague: Colleague, actor: Actor) -> None:
    """Let an edition hold from now on, and prove every agreement in force under it.

    The epoch of each rises, so that what was decided under the edition before opens nothing any
    more. Each that no longer passes has an entry of its own.
    """
    new, old, at = _read(row), catalogue_in_force(), clock.now()
    holding = [one for one in editions.versions_in_use() if one.state in HOLDING]
    effects = {one.id: _effect(one.document, new, old) for one in holding}
    with transaction():
        # First, for it makes whoever brings another edition in force at this moment wait.
        db.session.execute(
            update(Agreement)
            .where(Agreement.state.in_(HOLDING))
            .values(epoch=Agreement.epoch + 1)
            .execution_options(synchronize_session=False)
        )
        if catalogue_in_force() != old:
            raise ChangedMeanwhileError
        _hold(
            row,
            second_approved_by=colleague.person_id,
            second_approved_at=at,
            in_force_since=at,
        )
        broken = [one for one in holding if effects[one.id].breaks]
        _enter(row, actor, "limits_in_force", facts={"broken": len(broken)})
        for one in broken:
            codes = sorted({violation.guardrail for violation in effects[one.id].breaks})
            enter(one, actor, "overtaken", facts={"limits": row.edition, "broken": " ".join(codes)})


def withdraw(colleague: Colleague, row: GuardrailEdition) -> None:
    """Take back an edition that is not in force yet.

    Raises ForbiddenError for who did not propose it, and ChangedMeanwhileError.
    """
    seat = seat_to_propose(colleague)
    if seat is None or row.proposed_by != colleague.person_id:
        raise ForbiddenError
    if not is_open(row):
        raise ChangedMeanwhileError
    with transaction():
        _hold(row, withdrawn_at=clock.now())
        _enter(row, colleague.actor(seat), "withdraw_limits")


def _hold(row: GuardrailEdition, **values: object) -> None:
    """Change an edition where nobody did since it was read; raises ChangedMeanwhileError."""
    is_first = GuardrailEdition.first_approved_by.is_(None)
    changed = (
        update(GuardrailEdition)
        .where(
            GuardrailEdition.id == row.id,
            GuardrailEdition.sha256 == row.sha256,
            GuardrailEdition.in_force_since.is_(None),
            GuardrailEdition.withdrawn_at.is_(None),
            is_first
            if row.first_approved_by is None
            else GuardrailEdition.first_approved_by == row.first_approved_by,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", db.session.execute(changed)).rowcount == 0:
        raise ChangedMeanwhileError


def _enter(
    row: GuardrailEdition,
    actor: Actor,
    change: str,
    *,
    reason: str = "",
    facts: dict[str, str | int] | None = None,
) -> None:
    """Write the entry of a change of an edition that is about to be committed."""
    gate.record(
        Entry(
            action=Action.AGREEMENT_CHANGE,
            actor=actor,
            object=row.id.hex(),
            reason=reason,
            facts={
                "change": change,
                "limits": row.edition,
                "sha256": row.sha256,
                **(facts or {}),
            },
        )
    )
