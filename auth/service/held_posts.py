"""Text somebody had typed when their session ended: sealed, theirs alone, for one hour."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete

from audit.entries import Actor
from auth import queries
from auth.models import HeldPost
from auth.service import entries
from config import clock
from config.database import db, transaction
from config.errors import NotFoundError
from config.ids import new_id
from config.keys import KEY_BYTES, NONCE_BYTES, kek

LARGEST = 200_000
MOST_PER_PERSON = 5
LABEL = b"auth.held-post:"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: the path it went to and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Give what a person wrote in full sentences: what is worth reading again."""
        return tuple(value for _, value in self.fields if " " in value.strip())


def hold(person_id: bytes, path: str, fields: Iterable[tuple[str, str]]) -> bool:
    """Keep a form for its writer, sealed under a key of its own; tell whether it could be kept.

    A form that is too large is not kept. Of one person only the newest five are.
    """
    plain = json.dumps([path, list(fields)]).encode()
    if len(plain) > LARGEST:
        return False
    held_id = new_id()
    bound = _bound_to(held_id, person_id)
    key = bytearray(os.urandom(KEY_BYTES))
    nonce = os.urandom(NONCE_BYTES)
    row = HeldPost(
        id=held_id,
        person_id=person_id,
        wrapped_key=kek().wrap(key, bound),
        sealed=nonce + AESGCM(key).encrypt(nonce, plain, bound),
        created_at=clock.now(),
    )
    key[:] = bytes(KEY_BYTES)
    with transaction():
        older = queries.held_posts(person_id, clock.now())[MOST_PER_PERSON - 1 :]
        _delete(person_id, [one.id for one in older])
        db.session.add(row)
    return True


def open_held(person_id: bytes, held_id: bytes, actor: Actor) -> Typed:
    """Open what is kept of a person's own text, after its entry; raises NotFoundError.

    Somebody else's, deleted and too old text is the same: not there.
    """
    rows = [row for row in queries.held_posts(person_id, clock.now()) if row.id == held_id]
    if not rows:
        raise NotFoundError
    row = rows[0]
    entries.held_text_opened(actor, held_id)
    bound = _bound_to(held_id, person_id)
    key = kek().unwrap(row.wrapped_key, bound)
    try:
        nonce, sealed = row.sealed[:NONCE_BYTES], row.sealed[NONCE_BYTES:]
        path, fields = json.loads(AESGCM(key).decrypt(nonce, sealed, bound))
    finally:
        key[:] = bytes(KEY_BYTES)
    return Typed(path, tuple((name, value) for name, value in fields))


def drop(person_id: bytes, held_id: bytes) -> None:
    """Delete a kept text of a person's own."""
    with transaction():
        _delete(person_id, [held_id])


def drop_all(person_id: bytes) -> None:
    """Delete every kept text of a person; part of the caller's transaction."""
    db.session.execute(delete(HeldPost).where(HeldPost.person_id == person_id))


def _delete(person_id: bytes, ids: list[bytes]) -> None:
    """Delete kept texts of one person; part of the caller's transaction."""
    db.session.execute(
        delete(HeldPost).where(HeldPost.person_id == person_id, HeldPost.id.in_(ids))
    )


def _bound_to(held_id: bytes, person_id: bytes) -> bytes:
    """Give what a kept text is bound to: its row and its writer; both have a fixed length."""
    return LABEL + held_id + person_id
