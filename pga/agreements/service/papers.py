"""Scans of signatures on paper: sealed each with a key of its own, opened by few and on an entry.

The key is wrapped by the key encryption key and bound to version and party, so that a scan copied
to another row opens nothing.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit import gate
from audit.entries import Action, Actor, Entry, Kind
from auth.models import Membership
from auth.rules import Role
from config import clock
from config.database import db
from config.errors import InvalidInputError, NotFoundError
from config.ids import from_hex, new_id
from config.keys import KEY_BYTES, NONCE_BYTES, KeyUnavailableError, kek
from pga.agreements.models import Agreement, Party, SignedPaper
from pga.agreements.service.desk import DRAFTERS, Desk

LARGEST: Final = 10 * 1024 * 1024
READERS: Final = (*DRAFTERS, Role.PRIVACY_OFFICER)
LABEL: Final = b"agreements.paper:"
# Told by its first bytes, for the name and the type a browser sends prove nothing.
STARTS: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"%PDF-": "application/pdf",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
    }
)
ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as it was uploaded, of a kind that can be kept."""

    content: bytes
    media_type: str


def read_scan(content: bytes, field: str = "scan") -> Scan:
    """Take a scan in; raises InvalidInputError when it is empty, too large or of another kind."""
    if not content:
        raise InvalidInputError({field: ["Choose a file."]})
    if len(content) > LARGEST:
        raise InvalidInputError({field: ["This file is larger than 10 MB."]})
    for start, media_type in STARTS.items():
        if content.startswith(start):
            return Scan(content, media_type)
    raise InvalidInputError({field: ["This is no PDF, PNG or JPEG."]})


def sealed_row(agreement: Agreement, party: Party, scan: Scan, actor: Actor) -> SignedPaper:
    """Seal a scan under a fresh key and make its row."""
    bound = _bound(agreement.id, party.id)
    key = bytearray(os.urandom(KEY_BYTES))
    nonce = os.urandom(NONCE_BYTES)
    try:
        sealed = nonce + AESGCM(key).encrypt(nonce, scan.content, bound)
        wrapped = kek().wrap(key, bound)
    finally:
        key[:] = bytes(KEY_BYTES)
    return SignedPaper(
        id=new_id(),
        agreement_id=agreement.id,
        party_id=party.id,
        media_type=scan.media_type,
        sha256=sha256(scan.content).hexdigest(),
        sealed=sealed,
        wrapped_key=wrapped,
        person_id=from_hex(actor.person),
        uploaded_at=clock.now(),
    )


def _bound(agreement_id: bytes, party_id: bytes) -> bytes:
    """Give what a scan is bound to."""
    return LABEL + agreement_id + party_id


def reader_seat(desk: Desk, party: Party) -> Membership | None:
    """Give the seat from which somebody may open the scan of a party, if there is one.

    That is who made or oversees the agreement here, and who signs for that party itself.
    """
    own = (
        one
        for one in desk.colleague.memberships
        if one.role is Role.SIGNATORY
        and one.municipality == desk.agreement.municipality
        and one.organisation_id == party.organisation_id
    )
    seats = desk.colleague.seats(desk.agreement.municipality, READERS)
    return next((one for one in (*seats, *own)), None)


def open_scan(desk: Desk, party: Party, paper_id: bytes) -> Scan:
    """Open a scan, its entry in the log first; raises NotFoundError for who may not, or for none.

    Raises KeyUnavailableError when it is not what was sealed for this party.
    """
    seat = reader_seat(desk, party)
    paper = db.session.get(SignedPaper, paper_id)
    if seat is None or paper is None or paper.party_id != party.id:
        raise NotFoundError
    gate.record(
        Entry(
            action=Action.CONSULT,
            kind=Kind.OPENED,
            actor=desk.colleague.actor(seat),
            object=paper.id.hex(),
            agreement_version=desk.agreement.version,
            policy_hash=desk.agreement.policy_hash,
            facts={"what": "signed-paper", "partner": party.partner},
        )
    )
    bound = _bound(paper.agreement_id, paper.party_id)
    key = kek().unwrap(paper.wrapped_key, bound)
    try:
        nonce, sealed = paper.sealed[:NONCE_BYTES], paper.sealed[NONCE_BYTES:]
        return Scan(AESGCM(key).decrypt(nonce, sealed, bound), paper.media_type)
    except InvalidTag as changed:
        raise KeyUnavailableError from changed
    finally:
        key[:] = bytes(KEY_BYTES)
