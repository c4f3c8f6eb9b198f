"""Signing: each body for itself, by who may sign for it, in a stated capacity, for one text.

A signature is the act of a signed-in person who proves anew who they are at the moment of signing
and has seen the hash of what is signed. It claims no level of eIDAS. Who signs after the version
came into force accedes: it takes part from then on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, cast

from sqlalchemy import CursorResult, update

from audit.entries import Actor
from auth import queries as people
from auth.models import Membership
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import ApplicationError, ForbiddenError, InvalidInputError, NotFoundError
from config.ids import from_hex, new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Party, Signature, SignedPaper
from pga.agreements.rules import Capacity, Deed, is_same_body, objections
from pga.agreements.service.desk import DRAFTERS, Colleague, Desk
from pga.agreements.service.life import seat_for
from pga.agreements.service.papers import Scan, sealed_row
from pga.agreements.service.recording import enter, hold
from pga.policy.codes import Partner

OPEN_FOR_SIGNING: Final = frozenset({AgreementState.SIGNING, AgreementState.ACTIVE})
ON_PAPER: Final = "paper"
NO_DEED: Final = Deed()
Prove = Callable[[], str]


class WrongSignerError(ForbiddenError):
    """Somebody who does not sign for this party."""

    code = "wrong-signer"
    message = "You do not sign for this party, so nothing is signed."


class AnotherTextError(ApplicationError):
    """The version says something else than the page that was signed from."""

    status = 409
    code = "another-text"
    message = (
        "The text changed since you opened this page, so nothing is signed. Read it again; "
        "what you filled in is still here."
    )


class NotOpenForSigningError(ApplicationError):
    """The version is not being signed, or this party has signed."""

    status = 409
    code = "not-open-for-signing"
    message = "This version cannot be signed for this party now."


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states when signing; `seen` is the hash of the text that was read."""

    seen: str
    capacity: Capacity
    function: str
    deed: Deed = NO_DEED


@dataclass(frozen=True, slots=True)
class _Act:
    """A signature about to be written: what is stated, in whose name, and who records it."""

    said: Statement
    name: str
    actor: Actor
    paper: "OnPaper | None" = None


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A signature on paper as it is recorded: who signed, when, and the scan of it."""

    name: str
    signed_on: date
    scan: Scan


def hash_of_text(agreement: Agreement) -> str:
    """Give the SHA-256 of the file of a version, byte for byte."""
    return sha256(agreement.document.encode()).hexdigest()


def seat_of_signer(colleague: Colleague, agreement: Agreement, party: Party) -> Membership | None:
    """Give the seat from which somebody signs for a party, if this person has one."""
    return next(
        (
            one
            for one in colleague.memberships
            if one.role is Role.SIGNATORY
            and one.organisation_id == party.organisation_id
            and one.municipality == agreement.municipality
            and is_same_body(one.partner, party.partner)
        ),
        None,
    )


def signatories_of(agreement: Agreement, party: Party) -> Sequence[Membership]:
    """List who may sign for a party, so that a page can say who does."""
    found = people.people_of_municipality(agreement.municipality, clock.today(), {Role.SIGNATORY})
    return [
        one
        for one in found
        if one.organisation_id == party.organisation_id and is_same_body(one.partner, party.partner)
    ]


def party_to_sign(desk: Desk, party_id: bytes) -> Party:
    """Read a party of a version; raises NotFoundError for one of another version."""
    parties = queries.parties_of([desk.agreement.id])[desk.agreement.id]
    found = next((one for one in parties if one.id == party_id), None)
    if found is None:
        raise NotFoundError
    return found


def is_open(agreement: Agreement, party: Party) -> bool:
    """Tell whether a party can sign a version now."""
    return (
        agreement.state in OPEN_FOR_SIGNING
        and party.signed_on is None
        and party.left_on is None
        and agreement.valid_until >= clock.today()
    )


def sign(desk: Desk, party_id: bytes, said: Statement, prove: Prove) -> Signature:
    """Sign a version for a party.

    `prove` lets the person prove anew who they are and tells what was proven; it is asked last, so
    that no code is used up by a form that is refused. Raises NotFoundError, WrongSignerError,
    NotOpenForSigningError, AnotherTextError and InvalidInputError.
    """
    agreement = desk.agreement
    party = party_to_sign(desk, party_id)
    seat = seat_of_signer(desk.colleague, agreement, party)
    if seat is None:
        raise WrongSignerError
    _check(agreement, party, said)
    person_id = desk.colleague.person_id
    name = people.names_of([person_id])[person_id]
    return _store(agreement, party, _Act(said, name, desk.colleague.actor(seat)), prove)


def record_paper(
    desk: Desk, party_id: bytes, said: Statement, paper: OnPaper, prove: Prove
) -> Signature:
    """Record that a party signed on paper, with the sealed scan of it.

    It is for who leads the process here: it stands in the log under their name. The party takes
    part from the day it is recorded, never before. Raises what `sign` raises, and ForbiddenError.
    """
    agreement = desk.agreement
    party = party_to_sign(desk, party_id)
    seat = seat_for(desk, DRAFTERS)
    if seat is None:
        raise ForbiddenError
    _check(agreement, party, said)
    if paper.signed_on > clock.today():
        raise InvalidInputError({"signed_on": ["This day is still to come."]})
    act = _Act(said, paper.name, desk.colleague.actor(seat), paper)
    return _store(agreement, party, act, prove)


def _check(agreement: Agreement, party: Party, said: Statement) -> None:
    """Refuse what cannot be signed, in this order: the state, the text, the capacity."""
    if not is_open(agreement, party):
        raise NotOpenForSigningError
    if said.seen != hash_of_text(agreement):
        raise AnotherTextError
    found = objections(Partner(party.partner), said.capacity, said.deed, clock.today())
    if found:
        raise InvalidInputError(found)


def _store(agreement: Agreement, party: Party, act: _Act, prove: Prove) -> Signature:
    """Write a signature with its entry first; the party takes part from now on.

    Others may sign the same text at the same moment; for one party only one signature is written.
    """
    proof = prove()
    said, actor, paper = act.said, act.actor, act.paper
    scan = None if paper is None else sealed_row(agreement, party, paper.scan, actor)
    signature = Signature(
        id=new_id(),
        agreement_id=agreement.id,
        party_id=party.id,
        policy_hash=agreement.policy_hash,
        document_hash=said.seen,
        body=party.partner,
        name=act.name,
        function=said.function,
        capacity=said.capacity,
        mandate_number=said.deed.number,
        mandate_scope=said.deed.scope,
        mandate_on=said.deed.made_on,
        person_id=from_hex(actor.person),
        proof=proof,
        paper_id=None if scan is None else scan.id,
        paper_on=None if paper is None else paper.signed_on,
        signed_at=clock.now(),
    )
    with transaction():
        hold(agreement, at_any_epoch=True)
        if scan is not None:
            db.session.add(scan)
            db.session.flush()
        _join(party, signature)
        db.session.add(signature)
        db.session.flush()
        enter(agreement, actor, "sign", facts=_facts(party, signature, scan))
    return signature


def _join(party: Party, signature: Signature) -> None:
    """Let a party take part from today; raises NotOpenForSigningError when it signed meanwhile."""
    joined = (
        update(Party)
        .where(Party.id == party.id, Party.signed_on.is_(None), Party.left_on.is_(None))
        .values(
            signed_on=clock.local_day(signature.signed_at),
            signed_by=signature.name,
            signed_as=signature.function,
        )
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", db.session.execute(joined)).rowcount == 0:
        raise NotOpenForSigningError


def _facts(party: Party, signature: Signature, scan: SignedPaper | None) -> dict[str, str]:
    """Tell the log for whom, for which text and in which capacity was signed, by no name."""
    return {
        "partner": party.partner,
        "organisation": party.organisation_id.hex(),
        "capacity": signature.capacity,
        "document": signature.document_hash,
        "proof": signature.proof,
        **({} if scan is None else {"paper": scan.sha256}),
    }
