"""Identifiers: 16 random bytes, made before a row is sealed and used as its address."""

import os

ID_BYTES = 16


def new_id() -> bytes:
    """Make a fresh identifier of 16 random bytes; never a database counter."""
    return os.urandom(ID_BYTES)


def to_hex(value: bytes) -> str:
    """Write an identifier as 32 lower-case hex characters, as addresses and the log show it."""
    return value.hex()


def from_hex(text: str) -> bytes:
    """Read 32 hex characters back to 16 bytes; raises ValueError for anything else."""
    value = bytes.fromhex(text)
    if len(value) != ID_BYTES or len(text) != 2 * ID_BYTES:
        message = "an identifier has 32 hex characters"
        raise ValueError(message)
    return value
