"""Signed notes (C2SP signed-note v1.0.0) and cosignatures (C2SP tlog-cosignature v1.0.1).

A note is a text, a blank line and one line per signature. A key is known by its name and an id
of four bytes; signatures of unknown keys are passed over, one of a known key must be right.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
ID_BYTES = 4
TIME_BYTES = 8
MOST_SIGNATURES = 100
LATEST_TIME = LARGEST_NUMBER = 2**63 - 1
PRIVATE = "PRIVATE+KEY+"

_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")


class NoteError(ValueError):
    """A note, a key or a signature is not what it should be."""


class KeyType(IntEnum):
    """What a key signs, and how (signed-note, signature types)."""

    ED25519 = 1
    COSIGNATURE = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    data: bytes

    def __str__(self) -> str:
        """Write the line, with its end of line."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by which signatures are known; written as `name+id+base64`."""

    name: str
    type: KeyType
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Give the first four bytes of the hash of name, type and key."""
        return _key_id(self.name, self.type, self.public)

    def __str__(self) -> str:
        """Write the key as a vkey."""
        body = b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{body}"

    def check(self, text: str, signature: Signature) -> int:
        """Check a signature by this key over the text of a note.

        Gives the time of a cosignature in seconds since the epoch, and 0 for another signature.
        Raises NoteError when the signature is not right.
        """
        try:
            time = 0
            message, data = text.encode(), signature.data
            if self.type is KeyType.COSIGNATURE:
                time = int.from_bytes(data[:TIME_BYTES], "big")
                message, data = cosigned(text, time), data[TIME_BYTES:]
            Ed25519PublicKey.from_public_bytes(self.public).verify(data, message)
        except (InvalidSignature, ValueError) as error:
            message_ = f"the signature of {self.name} is not right"
            raise NoteError(message_) from error
        return time


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key that signs notes; `seed` has 32 bytes and is never shown."""

    name: str
    seed: bytes
    type: KeyType = KeyType.ED25519

    def __repr__(self) -> str:
        """Show the public side only."""
        return f"SignerKey({self.verifier})"

    @property
    def verifier(self) -> VerifierKey:
        """Give the public key."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(
            self.name, self.type, public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        )

    def export(self) -> str:
        """Write the private key in the form of the specification."""
        body = b64encode(bytes([self.type]) + self.seed).decode()
        return f"{PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{body}"

    def sign(self, text: str, time: int = 0) -> Signature:
        """Sign the text of a note; a cosignature carries a time in seconds since the epoch."""
        message, prefix = text.encode(), b""
        if self.type is KeyType.COSIGNATURE:
            message, prefix = cosigned(text, time), time.to_bytes(TIME_BYTES, "big")
        data = Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)
        return Signature(self.name, self.verifier.key_id, prefix + data)


@dataclass(frozen=True, slots=True)
class Note:
    """A text with its signatures, not yet believed: `signed_by` tells who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Write the note as it travels."""
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed_by(self, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
        """Give the keys among these that signed, each with the time of its cosignature or 0.

        Raises NoteError when a signature of one of these keys is not right.
        """
        known = {(key.name, key.key_id): key for key in keys}
        found: dict[VerifierKey, int] = {}
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is not None:
                found[key] = max(found.get(key, 0), key.check(self.text, signature))
        return found


def cosigned(text: str, time: int) -> bytes:
    """Give what a witness signs of a checkpoint at a time (tlog-cosignature, Ed25519)."""
    if not 0 <= time <= LATEST_TIME:
        message = "the time of a cosignature lies outside what it can hold"
        raise NoteError(message)
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def parse_note(raw: bytes) -> Note:
    """Read a note; raises NoteError for anything the specification does not allow."""
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "a note is UTF-8 text"
        raise NoteError(message) from error
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not lines.endswith("\n") or _CONTROL.search(whole):
        message = "a note is a text, a blank line and signatures"
        raise NoteError(message)
    return Note(text + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines, each with its end of line; raises NoteError for any other line."""
    found = lines.split("\n")[:-1]
    if not found or len(found) > MOST_SIGNATURES:
        message = f"a note has 1 to {MOST_SIGNATURES} signatures"
        raise NoteError(message)
    return tuple(map(_signature, found))


def parse_verifier(text: str) -> VerifierKey:
    """Read a vkey; raises NoteError when its id is not that of its name and key."""
    name, key_id, body = _parts(text)
    key = VerifierKey(name, _type(body), body[1:])
    if key.key_id != key_id or len(key.public) != KEY_BYTES:
        message = "the id of a key must be that of its name and bytes"
        raise NoteError(message)
    return key


def parse_signer(text: str) -> SignerKey:
    """Read a private key; raises NoteError when it is none."""
    if not text.startswith(PRIVATE):
        message = "not a private key"
        raise NoteError(message)
    name, key_id, body = _parts(text.removeprefix(PRIVATE))
    if len(body) != KEY_BYTES + 1:
        message = "a private key has 32 bytes"
        raise NoteError(message)
    key = SignerKey(name, body[1:], _type(body))
    if key.verifier.key_id != key_id:
        message = "the id of a key must be that of its name and bytes"
        raise NoteError(message)
    return key


def from_base64(text: str) -> bytes:
    """Read base64 in its one canonical form (RFC 4648, 4); raises NoteError for another."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        message = "not base64"
        raise NoteError(message) from error
    if b64encode(data).decode() != text:
        message = "not base64 in its canonical form"
        raise NoteError(message)
    return data


def decimal(text: str) -> int:
    """Read a whole number without sign or leading zeroes; raises NoteError for another text."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) > LARGEST_NUMBER:
        message = "not a whole number in decimals"
        raise NoteError(message)
    return int(text)


def hashes(lines: Sequence[str]) -> list[bytes]:
    """Read hashes of 32 bytes, one per line in base64; raises NoteError for another line."""
    found = [from_base64(line) for line in lines]
    if any(len(one) != KEY_BYTES for one in found):
        message = "a hash has 32 bytes"
        raise NoteError(message)
    return found


def _signature(line: str) -> Signature:
    """Read one signature line."""
    name, space, body = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _NAME.fullmatch(name):
        message = "not a signature line"
        raise NoteError(message)
    data = from_base64(body)
    if len(data) <= ID_BYTES:
        message = "a signature has an id and bytes"
        raise NoteError(message)
    return Signature(name, data[:ID_BYTES], data[ID_BYTES:])


def _parts(text: str) -> tuple[str, bytes, bytes]:
    """Cut a key into name, id and bytes; the base64 at its end may hold a plus itself."""
    name, _, rest = text.partition("+")
    key_id, _, body = rest.partition("+")
    if not _NAME.fullmatch(name) or not re.fullmatch(r"[0-9a-f]{8}", key_id):
        message = "a key is written as name+id+base64"
        raise NoteError(message)
    return name, bytes.fromhex(key_id), from_base64(body)


def _type(body: bytes) -> KeyType:
    """Read the type of a key, its first byte."""
    try:
        return KeyType(body[0])
    except (IndexError, ValueError) as error:
        message = "a key of a type that is not known here"
        raise NoteError(message) from error


def _key_id(name: str, type_: KeyType, public: bytes) -> bytes:
    """Hash name, type and key to the id by which signatures name it."""
    return sha256(name.encode() + b"\n" + bytes([type_]) + public).digest()[:ID_BYTES]
