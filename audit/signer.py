"""The process of the signer: sign what was added, have it witnessed, again and again.

It alone reads the signing key. Whatever fails is said and tried again, except a log that is no
longer what was signed: over that it signs nothing and ends, and its supervisor ends everything.
"""

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from types import FrameType

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from audit.anchors import AnchorError, Mailbox, TimeStamper, hold
from audit.auditctl.notes import NoteError
from audit.auditctl.policies import Policy, Witness, parse_policy
from audit.publishing import policy_text
from audit.signing import Signed, Signer, make_signer_file, read_signer_file
from audit.witnessing import ask_once
from config import clock
from config.errors import SettingsError
from config.settings import Mode, Settings

PACE = timedelta(seconds=5)
"""How long a new entry waits for its signature."""
PARTING = 1
"""Seconds given at the end to who is just being asked outside."""

Errand = Callable[[], object]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the log asks to hold its checkpoints: witnesses, a time stamp server, a mailbox."""

    policy: Policy
    stamper: TimeStamper | None
    mailbox: Mailbox | None


def signer_of(engine: Engine, settings: Settings) -> Signer:
    """Open the signer of an installation; outside production a missing key is made.

    Raises SettingsError when the key is missing, readable by others or of another log.
    """
    if settings.mode is not Mode.PRODUCTION and not settings.signer_file.exists():
        make_signer_file(settings.signer_file, settings.log_origin)
    signer = Signer(engine, read_signer_file(settings.signer_file))
    if signer.origin != settings.log_origin:
        message = f"the signing key is of {signer.origin}, but PGA_LOG_ORIGIN differs"
        raise SettingsError(message)
    return signer


def trust_of(signer: Signer, settings: Settings) -> Trust:
    """Read whom an installation asks; without a policy no witness is. Raises SettingsError."""
    stamper = TimeStamper(settings.tsa_url, settings.tsa_roots) if settings.tsa_roots else None
    mailbox = Mailbox(settings.smtp, settings.log_mail) if settings.log_mail else None
    return Trust(read_policy(policy_of(signer, settings.log_policy)), stamper, mailbox)


def policy_of(signer: Signer, path: Path | None) -> bytes:
    """Give the text of the trust policy: the file of the installation, or nobody but the log."""
    if path is None:
        return policy_text([key.verifier for key in signer.keys]).encode()
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"PGA_LOG_POLICY cannot be read: {error}"
        raise SettingsError(message) from error


def read_policy(raw: bytes) -> Policy:
    """Read a trust policy; raises SettingsError when it is none."""
    try:
        return parse_policy(raw)
    except NoteError as error:
        message = f"PGA_LOG_POLICY: {error}"
        raise SettingsError(message) from error


def work(engine: Engine, signer: Signer, trust: Trust) -> Signed | None:
    """Sign once and have it held elsewhere; give what was signed now, if anything.

    Raises TamperedError when the log is no longer what was signed.
    """
    signed = signer.sign(clock.now())
    for errand in _errands(engine, trust):
        errand()
    return signed


def _errands(engine: Engine, trust: Trust) -> list[Errand]:
    """List what is asked of others outside, each by itself."""

    def asking(witness: Witness) -> Errand:
        return lambda: ask_once(engine, witness, clock.now())

    def holding(stamper: TimeStamper | None, mailbox: Mailbox | None) -> Errand:
        return lambda: _hold(engine, stamper, mailbox)

    asked = [asking(witness) for witness in trust.policy.witnesses.values() if witness.url]
    if trust.stamper:
        asked.append(holding(trust.stamper, None))
    if trust.mailbox:
        asked.append(holding(None, trust.mailbox))
    return asked


def _hold(engine: Engine, stamper: TimeStamper | None, mailbox: Mailbox | None) -> None:
    """Have a checkpoint held elsewhere; what went wrong is said and tried again later."""
    try:
        hold(engine, clock.now(), stamper, mailbox)
    except AnchorError as error:
        log.warning("A checkpoint is not held elsewhere yet: %s", error)


def run(engine: Engine, signer: Signer, trust: Trust, pace: timedelta = PACE) -> None:
    """Work until told to end; raises TamperedError when the log is no longer what was signed.

    Everybody outside is asked in a thread of their own: who answers a byte at a time delays neither
    the next signature nor anybody else.
    """
    told = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        _ = number, frame
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    outside = [
        Thread(target=_repeat, args=(errand, told, pace), daemon=True)
        for errand in _errands(engine, trust)
    ]
    for thread in outside:
        thread.start()
    try:
        while not told.is_set():
            try:
                signer.sign(clock.now())
            except SQLAlchemyError as error:
                log.warning("The log cannot be signed now: %s", type(error).__name__)
            told.wait(pace.total_seconds())
    finally:
        told.set()
        for thread in outside:
            thread.join(PARTING)


def _repeat(errand: Errand, told: Event, pace: timedelta) -> None:
    """Run an errand again and again until told to end, whatever becomes of it."""
    while not told.is_set():
        try:
            errand()
        except Exception as error:  # noqa: BLE001 - an errand that fails is the next one's matter
            log.warning("A checkpoint is not held elsewhere yet: %s", type(error).__name__)
        told.wait(pace.total_seconds())
