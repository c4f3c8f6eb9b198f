"""Sealing of payloads: AES-256-GCM under a key per entry, wrapped by a key per class and month.

    provider (file, environment, OpenBao) wraps the KEK of a retention class and month
    KEK wraps the data key (DEK) of an entry, bound to the entry's number, event and KEK
    DEK seals the payload, bound to the entry's event

Erasing a payload is deleting its row; destroying the KEK of a month reaches the backups too.
"""

import os
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from audit.entries import Retention
from audit.leaf import SALT_BYTES, SALTS
from audit.models import audit_kek
from config.keys import KEY_BYTES, NONCE_BYTES, KekProvider, KeyUnavailableError

YEARS = {Retention.STANDARD: 5, Retention.POLICE: 5}
"""Years a payload is kept after its month; five is the floor of NEN 7513, section 9."""

MONTH = len("2026-11")
_ALL_SALTS = SALT_BYTES * len(SALTS)


class MissingKekError(KeyUnavailableError):
    """The key of a class and month does not exist, or no longer."""

    code = "kek-missing"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed payload as its row holds it."""

    salts: bytes
    nonce: bytes
    ct: bytes
    dek_wrapped: bytes
    kek_id: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The random bytes one entry needs, drawn in one go."""

    dek: bytes
    nonce: bytes
    wrap_nonce: bytes
    salts: bytes


def draw() -> Draw:
    """Draw a data key, two nonces and the salts of one entry."""
    bulk = os.urandom(KEY_BYTES + 2 * NONCE_BYTES + _ALL_SALTS)
    first, second = KEY_BYTES, KEY_BYTES + NONCE_BYTES
    return Draw(
        bulk[:first], bulk[first:second], bulk[second : second + NONCE_BYTES], bulk[-_ALL_SALTS:]
    )


def seal(drawn: Draw, event_id: str, payload: bytes) -> bytes:
    """Seal a payload under its own data key, bound to the entry's event."""
    return AESGCM(drawn.dek).encrypt(drawn.nonce, payload, _bind(b"audit-p/v1", event_id))


def wrap(kek: AESGCM, drawn: Draw, kek_id: str, event_id: str, seq: int) -> bytes:
    """Wrap the data key of an entry, bound to its place in the log: a moved row does not open."""
    place = _bind(b"audit-dek/v1", kek_id, event_id, str(seq))
    return drawn.wrap_nonce + kek.encrypt(drawn.wrap_nonce, drawn.dek, place)


def rewrap(
    kek: AESGCM, wrapped: bytes, place: tuple[str, str, int], new: tuple[str, AESGCM]
) -> bytes:
    """Wrap the data key of an entry under another KEK; `place` is KEK id, event and number.

    Raises InvalidTag when it does not open.
    """
    kek_id, event_id, seq = place
    bound = _bind(b"audit-dek/v1", kek_id, event_id, str(seq))
    dek = kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
    nonce = os.urandom(NONCE_BYTES)
    new_id, cipher = new
    return nonce + cipher.encrypt(nonce, dek, _bind(b"audit-dek/v1", new_id, event_id, str(seq)))


def unseal(kek: AESGCM, envelope: Envelope, event_id: str, seq: int) -> bytes:
    """Open the payload of an entry; raises InvalidTag when anything about it was changed."""
    place = _bind(b"audit-dek/v1", envelope.kek_id, event_id, str(seq))
    nonce, wrapped = envelope.dek_wrapped[:NONCE_BYTES], envelope.dek_wrapped[NONCE_BYTES:]
    dek = bytearray(KEY_BYTES)
    try:
        kek.decrypt_into(nonce, wrapped, place, dek)
        bound = _bind(b"audit-p/v1", event_id)
        return AESGCM(dek).decrypt(envelope.nonce, envelope.ct, bound)
    except ValueError as error:  # a length that no sealed value has
        raise InvalidTag from error
    finally:
        dek[:] = bytes(KEY_BYTES)


def kek_id_of(retention: Retention, at: datetime) -> str:
    """Name the key of a retention class and month (UTC), like standard-2026-11."""
    month = at.astimezone(UTC)
    return f"{retention.value}-{month.year}-{month.month:02}"


def is_same_or_later(kek_id: str, other: str) -> bool:
    """Tell whether another key is of the same class and of the same or a later month."""
    retention, month = kek_id[:-MONTH], kek_id[-MONTH:]
    return other[:-MONTH] == retention and other[-MONTH:] >= month


class Keyring:
    """The keys of the classes and months, opened once per process and kept as ciphers only."""

    def __init__(self, engine: Engine, provider: KekProvider) -> None:
        """Keep where the wrapped keys are and who opens them."""
        self._engine = engine
        self._provider = provider
        self._open: dict[str, AESGCM] = {}
        self._making = Lock()

    def current(self, retention: Retention, at: datetime) -> tuple[str, AESGCM]:
        """Give the key that seals now; the first entry of a class in a month makes it."""
        kek_id = kek_id_of(retention, at)
        cipher = self._open.get(kek_id)
        if cipher is None:
            with self._making:
                try:
                    cipher = self.cipher(kek_id)
                except MissingKekError:
                    self._make(kek_id, retention, at)
                    cipher = self.cipher(kek_id)
        return kek_id, cipher

    def forget(self, kek_id: str) -> None:
        """Forget a key that was destroyed."""
        self._open.pop(kek_id, None)

    def cipher(self, kek_id: str) -> AESGCM:
        """Open a key.

        Raises MissingKekError when it does not exist and KeyUnavailableError when it does not open.
        """
        cipher = self._open.get(kek_id)
        if cipher is None:
            query = select(audit_kek.c["class"], audit_kek.c.wrapped)
            with self._engine.connect() as connection:
                row = connection.execute(query.where(audit_kek.c.kek_id == kek_id)).one_or_none()
            if row is None:
                raise MissingKekError
            key = self._provider.unwrap(bytes(row.wrapped), _bind_kek(kek_id, row[0]))
            cipher = AESGCM(key)
            key[:] = bytes(KEY_BYTES)
            self._open[kek_id] = cipher
        return cipher

    def _make(self, kek_id: str, retention: Retention, at: datetime) -> None:
        """Make the key of a class and month; another process may have made it just now."""
        month = at.astimezone(UTC)
        year = month.year + YEARS[retention]
        last_day = monthrange(year, month.month)[1]
        values = {
            "kek_id": kek_id,
            "class": retention.value,
            "wrapped": self._provider.wrap(os.urandom(KEY_BYTES), _bind_kek(kek_id, retention)),
            "destroy_after": f"{year}-{month.month:02}-{last_day:02}",
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(audit_kek).values(values))
        except IntegrityError:
            # The other process won; its key is the one that counts.
            return


def _bind_kek(kek_id: str, retention: str) -> bytes:
    """Bind a KEK to its name and class."""
    return _bind(b"audit-kek/v1", kek_id, retention)


def _bind(domain: bytes, *parts: str) -> bytes:
    """Write associated data with the length before each part: ("ab","c") is not ("a","bc")."""
    bound = bytearray(domain)
    for part in parts:
        data = part.encode("utf-8")
        bound += len(data).to_bytes(4, "big") + data
    return bytes(bound)
