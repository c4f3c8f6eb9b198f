"""The envelope: keys that wrap keys that seal values (AES-256-GCM, HKDF-SHA-512).

    KEK -> case root key (CRK), one per case -> data key, one per case, category and generation

Keys live in bytearrays that are overwritten after use; a `bytes` object cannot be cleared in
Python. The cipher objects keep a copy in the cryptographic library, which clears it when they go.
"""

import hmac
import os
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pga.records.rules import (
    FORMAT,
    KID_BYTES,
    NONCE_BYTES,
    Blob,
    BlobError,
    associated_data,
    join_blob,
    pack,
    split_blob,
)

KEY_BYTES = 32
COMMITMENT_BYTES = 32


class SealError(ValueError):
    """A sealed value or wrapped key does not open: changed, moved, or under another key."""


def wipe(*keys: bytearray) -> None:
    """Overwrite keys that are no longer needed."""
    for key in keys:
        key[:] = bytes(len(key))


def fresh_key() -> bytearray:
    """Make a random 256-bit key."""
    return bytearray(os.urandom(KEY_BYTES))


def _expand(key: bytearray, info: bytes) -> tuple[bytearray, bytearray]:
    """Derive two independent keys of 32 bytes (HKDF-SHA-512, RFC 5869)."""
    both = bytearray(2 * KEY_BYTES)
    HKDF(SHA512(), len(both), salt=None, info=info).derive_into(key, both)
    first, second = both[:KEY_BYTES], both[KEY_BYTES:]
    wipe(both)
    return first, second


@dataclass(frozen=True, slots=True)
class WrappedDataKey:
    """A data key as the keys store holds it; the commitment says which key it must be."""

    kid: bytes
    case_id: bytes
    category: str
    generation: int
    wrapped: bytes
    commitment: bytes


class DataKey:
    """An unwrapped data key: seals and opens the values of one case and category."""

    __slots__ = ("_cipher", "kid")

    def __init__(self, kid: bytes, cipher: AESGCM) -> None:
        """Keep the cipher; the key itself has been overwritten by now."""
        self.kid = kid
        self._cipher = cipher

    def seal(self, prefix: bytes, row_id: bytes, row_version: int, plain: bytes) -> bytes:
        """Seal a value for one version of one row of a place; gives the stored blob."""
        nonce = os.urandom(NONCE_BYTES)
        bound = associated_data(prefix, row_id, row_version, self.kid)
        return join_blob(Blob(self.kid, nonce, self._cipher.encrypt(nonce, plain, bound)))

    def open(self, prefix: bytes, row_id: bytes, row_version: int, stored: bytes) -> bytes:
        """Open a stored blob; raises SealError when it is not this key's value of this row."""
        try:
            blob = split_blob(stored)
            bound = associated_data(prefix, row_id, row_version, blob.kid)
            return self._cipher.decrypt(blob.nonce, blob.sealed, bound)
        except (BlobError, InvalidTag) as error:
            message = "a sealed value does not open"
            raise SealError(message) from error


def commit_to(key: bytearray, kid: bytes) -> tuple[DataKey, bytes]:
    """Turn a raw data key into its sealing half and its public commitment; overwrites the key.

    AES-GCM alone lets one ciphertext open under two keys; the commitment, compared at every
    unwrapping, ties the stored key to one.
    """
    sealing, commitment = _expand(key, pack(FORMAT + b" data key", kid))
    data_key = DataKey(kid, AESGCM(sealing))
    wipe(key, sealing)
    return data_key, bytes(commitment)


def check_commitment(key: bytearray, kid: bytes, commitment: bytes) -> DataKey:
    """Turn an unwrapped data key into its sealing half; raises SealError for another key."""
    data_key, found = commit_to(key, kid)
    if not hmac.compare_digest(found, commitment):
        message = "a data key is not the one that was committed to"
        raise SealError(message)
    return data_key


class CaseRoot:
    """The unwrapped root key of one case: wraps its data keys, authenticates its manifest.

    Use as a context manager; leaving it overwrites the key of the manifest.
    """

    __slots__ = ("_case_id", "_cipher", "_mac_key")

    def __init__(self, case_id: bytes, root: bytearray) -> None:
        """Derive both uses from the root key and overwrite it."""
        wrapping, self._mac_key = _expand(root, pack(FORMAT + b" case root", case_id))
        self._case_id = case_id
        self._cipher = AESGCM(wrapping)
        wipe(root, wrapping)

    def __enter__(self) -> Self:
        """Hand out the open root."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the root, whatever happened."""
        self.close()

    def close(self) -> None:
        """Overwrite the key of the manifest."""
        wipe(self._mac_key)

    def manifest(self, message: bytes) -> bytes:
        """Authenticate the rows of the case (HMAC-SHA-256)."""
        return hmac.digest(self._mac_key, message, "sha256")

    def new_data_key(self, category: str, generation: int) -> tuple[DataKey, WrappedDataKey]:
        """Make a random data key, and its wrapped form for the keys store.

        Random, never derived: what can be derived again cannot be shredded.
        """
        kid, key, nonce = os.urandom(KID_BYTES), fresh_key(), os.urandom(NONCE_BYTES)
        bound = _wrap_data(self._case_id, category, generation, kid)
        wrapped = nonce + self._cipher.encrypt(nonce, bytes(key), bound)
        data_key, commitment = commit_to(key, kid)
        return data_key, WrappedDataKey(
            kid, self._case_id, category, generation, wrapped, commitment
        )

    def unwrap(self, stored: WrappedDataKey) -> DataKey:
        """Unwrap a data key of this case; raises SealError when it was changed or moved."""
        bound = _wrap_data(self._case_id, stored.category, stored.generation, stored.kid)
        key = bytearray(KEY_BYTES)
        nonce, sealed = stored.wrapped[:NONCE_BYTES], stored.wrapped[NONCE_BYTES:]
        try:
            self._cipher.decrypt_into(nonce, sealed, bound, key)
        except (InvalidTag, ValueError) as error:
            message = "a data key does not open"
            raise SealError(message) from error
        return check_commitment(key, stored.kid, stored.commitment)


def _wrap_data(case_id: bytes, category: str, generation: int, kid: bytes) -> bytes:
    """Bind a wrapped data key to its case, category, generation and key id."""
    return pack(FORMAT + b" wrap", case_id, category.encode(), generation.to_bytes(8, "big"), kid)


def root_binding(tenant: str, case_id: bytes) -> bytes:
    """Bind a wrapped root key to its tenant and case; the KEK version stands in the wrapping."""
    return pack(FORMAT + b" root", tenant.encode(), case_id)


def draft_binding(draft_id: bytes) -> bytes:
    """Bind the wrapped key of a draft to the draft; its text is bound to its author as well."""
    return pack(FORMAT + b" draft", draft_id)
