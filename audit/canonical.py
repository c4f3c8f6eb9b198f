"""Canonical JSON: RFC 8785 (JCS), restricted so that the standard library writes it exactly.

Allowed are ASCII keys, strings without lone surrogates, whole numbers below 2^53, booleans, null,
lists and objects. Floats are refused: their shortest form is what makes JCS hard.
"""

import json
from typing import cast

LARGEST_WHOLE = 2**53 - 1
"""The largest whole number every JSON reader keeps exactly (RFC 8785, section 3.2.2.3)."""

_PLAIN = frozenset({str, bool, type(None)})
"""What needs no look inside; most of an entry is plain text."""
_write = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


class CanonicalError(ValueError):
    """A value has no canonical form in the restricted profile."""


def encode(value: object) -> bytes:
    """Write a value in its one canonical form; raises CanonicalError for anything outside it."""
    _check(value)
    try:
        return _write(value).encode("utf-8")
    except UnicodeEncodeError as error:
        message = "a string holds half of a surrogate pair"
        raise CanonicalError(message) from error


def decode(data: bytes) -> object:
    """Read canonical bytes back; raises CanonicalError when they are not canonical.

    What reads the same but is written differently would let two byte forms claim one meaning.
    """
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        message = "this is not JSON"
        raise CanonicalError(message) from error
    if encode(value) != data:
        message = "this is JSON, but not in its canonical form"
        raise CanonicalError(message)
    return value


def _check(value: object) -> None:
    """Refuse what the profile does not allow, at any depth."""
    waiting: list[object] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            _check_keys(one)
            waiting += [inner for inner in one.values() if type(inner) not in _PLAIN]
        elif isinstance(one, list | tuple):
            waiting += [inner for inner in one if type(inner) not in _PLAIN]
        elif isinstance(one, int):
            if not -LARGEST_WHOLE <= one <= LARGEST_WHOLE:
                message = "a whole number is too large for every JSON reader to keep"
                raise CanonicalError(message)
        elif not (one is None or isinstance(one, str)):
            message = f"a {type(one).__name__} has no canonical form"
            raise CanonicalError(message)


def _check_keys(fields: dict[object, object]) -> None:
    """Refuse a key that is not ASCII text."""
    try:
        has_ascii_keys = "".join(cast("dict[str, object]", fields)).isascii()
    except TypeError:
        has_ascii_keys = False
    if not has_ascii_keys:
        message = "a key must be ASCII text"
        raise CanonicalError(message)
