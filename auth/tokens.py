"""Session tokens: 256 random bits in the cookie, only their hash in the database."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Make a token of 256 random bits that fits in a cookie (ASVS 7.2.3)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def fingerprint(token: str) -> bytes:
    """Give the SHA-256 of a token; a copy of the database opens no session."""
    return hashlib.sha256(token.encode()).digest()
