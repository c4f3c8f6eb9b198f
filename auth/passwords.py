"""Passwords: argon2id, one amount of work for every sign-in, and what is too easy to guess.

What is hashed is the password mixed with its account under a key that is in no database. So who
owns the database can neither make a hash that fits, nor move a known one to another account.
"""

import functools
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from auth.errors import WeakPasswordError
from config.ids import ID_BYTES
from config.keys import kek
from config.settings import Argon2Cost

LABEL = "passwords"
NOBODY = bytes(ID_BYTES)
SHORTEST = 12
LONGEST = 256
FEWEST_DIFFERENT = 5
SHORTEST_NAME = 4
# Without letters and digits that look alike, because somebody reads it out over the telephone.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_SIZE = 4, 5


@functools.cache
def _hasher(cost: Argon2Cost) -> PasswordHasher:
    """Make the argon2id hasher of a cost."""
    return PasswordHasher(
        time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.parallelism
    )


@functools.cache
def _nobodys_hash(cost: Argon2Cost) -> str:
    """Make the hash that is checked when there is no such account, at the same cost."""
    return _hasher(cost).hash(secrets.token_hex())


def _normal(password: str) -> str:
    """Write a password the one way every keyboard's version of it shares (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _mixed(password: str, owner: bytes) -> bytes:
    """Mix a password with the account it belongs to, under a key of this installation."""
    return hmac.digest(kek().derive(LABEL), owner + _normal(password).encode(), "sha256")


def hash_password(password: str, owner: bytes, cost: Argon2Cost) -> str:
    """Hash a password of an account (16 bytes) with argon2id."""
    return _hasher(cost).hash(_mixed(password, owner))


def fits(password: str, owner: bytes, hashed: str | None, cost: Argon2Cost) -> bool:
    """Tell whether a password fits the hash of an account; in vain, but as long, without a hash.

    The time an answer takes must not tell whether an account exists (ASVS 6.3.8).
    """
    try:
        _hasher(cost).verify(hashed or _nobodys_hash(cost), _mixed(password[:LONGEST], owner))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None and len(password) <= LONGEST


def needs_new_hash(hashed: str, cost: Argon2Cost) -> bool:
    """Tell whether a hash was made at another cost than the settings ask now."""
    return _hasher(cost).check_needs_rehash(hashed)


def temporary_password() -> str:
    """Make a password of about 99 random bits that can be read out over the telephone."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(GROUP_SIZE)) for _ in range(GROUPS))
    return "-".join(groups)


@functools.cache
def _common() -> frozenset[str]:
    """Read the passwords that everybody tries first."""
    text = resources.files("auth").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def refuse_weak(password: str, about: Iterable[str]) -> None:
    """Refuse a password that is too easy to guess; raises WeakPasswordError.

    `about` holds what others know of the person: name and sign-in name. Length and well-known
    words count; no rule asks for signs or capitals (ASVS 6.2.4, 6.2.5).
    """
    plain = _normal(password).casefold()
    message = None
    if len(password) < SHORTEST:
        message = "Use at least 12 characters. A sentence of four words works well."
    elif len(password) > LONGEST:
        message = "Use at most 256 characters."
    elif len(set(plain)) < FEWEST_DIFFERENT:
        message = "This is too easy to guess: it repeats itself."
    elif plain in _common() or _core(plain) in _common():
        message = "This is too easy to guess: many people use it. Choose something of your own."
    elif len(_without(plain, about)) < SHORTEST - SHORTEST_NAME:
        message = "This is too easy to guess: it holds your name or your e-mail address."
    if message:
        raise WeakPasswordError(message)


def _core(plain: str) -> str:
    """Give the letters of a password, once when they repeat: welkom of Welkom01Welkom."""
    letters = re.sub(r"[^a-z]", "", plain)
    repeated = re.fullmatch(r"(.+?)\1+", letters)
    return repeated.group(1) if repeated else letters


def _without(plain: str, about: Iterable[str]) -> str:
    """Leave out of a password what others know of its owner."""
    known = {part for text in about for part in re.findall(r"\w+", text.casefold())}
    for part in sorted(known, key=len, reverse=True):
        plain = plain.replace(part, "") if len(part) >= SHORTEST_NAME else plain
    return plain
