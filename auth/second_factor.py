"""The second factor: time-based codes (TOTP, RFC 6238), each accepted once."""

import base64
import hmac
import os
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT_STEPS = 1
SEED_BYTES = 32
SHARED_BYTES = 20
ISSUER = "PGA jeugd"


def new_seed() -> bytes:
    """Make the 32 random bytes that are sealed for a person."""
    return os.urandom(SEED_BYTES)


def secret_of(seed: bytes | bytearray) -> str:
    """Write what the authenticator app gets: the first 160 bits (RFC 4226 section 4) in base32."""
    return base64.b32encode(bytes(seed[:SHARED_BYTES])).decode("ascii")


def spaced(secret: str) -> str:
    """Write a secret in groups of four, for whoever types it over."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(secret: str, sign_in_name: str) -> str:
    """Draw the QR code an authenticator app reads, as an address for an image element."""
    address = pyotp.TOTP(secret).provisioning_uri(name=sign_in_name, issuer_name=ISSUER)
    drawn: str = segno.make(address, error="m").svg_data_uri(scale=5)
    return drawn


def accepted_step(secret: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """Give the time step a code stands for, if it is right and newer than the last one used.

    One step of drift either way is allowed; a step is never accepted twice (ASVS 6.5.1).
    """
    typed = code.replace(" ", "").encode()
    now = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        fits = hmac.compare_digest(generator.generate_otp(step).encode(), typed)
        if fits and (last_step is None or step > last_step):
            found = step
    return found
