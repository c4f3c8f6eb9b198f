"""Checkpoints held elsewhere when nobody witnesses: a time stamp (RFC 3161) and a mailbox.

Both say the same of a checkpoint: it was there at that moment. What the log says later must still
begin with it.
"""

import smtplib
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from sqlalchemy import Connection, Engine, func, insert, select

from audit.leaf import second_of
from audit.models import audit_cosig
from audit.outside import NO_ANSWER, PATIENCE, RefusedError, post
from audit.signing import Signed, newest

EVERY = timedelta(hours=1)
STAMP = "rfc3161"
MAIL = "mail"


class AnchorError(Exception):
    """A checkpoint could not be held elsewhere; the text says why."""


@dataclass(frozen=True, slots=True)
class TimeStamper:
    """A time stamp server, and the file with the roots its certificate must lead to."""

    url: str
    roots: Path

    def stamp(self, signed: Signed) -> bytes:
        """Have a checkpoint stamped; give the token as it came, once it proves what it should.

        Raises AnchorError when the server does not answer or its stamp is not right.
        """
        asked = TimestampRequestBuilder().data(signed.note).build()
        try:
            token = post(self.url, asked.as_bytes(), "application/timestamp-query")
            check_stamp(token, signed.note, self.roots.read_bytes())
        except (RefusedError, *NO_ANSWER) as error:
            message = f"{self.url} gave no time stamp: {error}"
            raise AnchorError(message) from error
        return token


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where checkpoints are mailed: the server as host:port, and the address."""

    smtp: str
    address: str

    def send(self, signed: Signed) -> None:
        """Mail a checkpoint; raises AnchorError when the server does not take it."""
        message = EmailMessage()
        message["Subject"] = f"Checkpoint logboek, {signed.size} regels"
        message["From"] = self.address
        message["To"] = self.address
        message.set_content(
            "Bewaar dit bericht. Hiermee is later te bewijzen dat het logboek niet is\n"
            "herschreven: auditctl consistency CHECKPOINT MAP\n"
        )
        # As octets: a text gets other ends of lines, and is no longer what was signed.
        message.add_attachment(
            signed.note,
            maintype="application",
            subtype="octet-stream",
            filename=f"checkpoint-{signed.size}",
        )
        host, _, port = self.smtp.rpartition(":")
        try:
            with smtplib.SMTP(host, int(port), timeout=PATIENCE) as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            text = f"{self.smtp} did not take the checkpoint: {error}"
            raise AnchorError(text) from error


def check_stamp(token: bytes, note: bytes, roots: bytes) -> datetime:
    """Check that a time stamp is about a checkpoint and leads to a root; give its moment.

    Raises ValueError when it does not.
    """
    stamp = decode_timestamp_response(token)
    builder = VerifierBuilder()
    for root in x509.load_pem_x509_certificates(roots):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(stamp, note)
    except VerificationError as error:
        message = f"the time stamp is not right: {error}"
        raise ValueError(message) from error
    return stamp.tst_info.gen_time.astimezone(UTC)


def hold(
    engine: Engine, now: datetime, stamper: TimeStamper | None, mailbox: Mailbox | None
) -> list[str]:
    """Hold the newest checkpoint elsewhere, at most once an hour each; name where it is now.

    Raises AnchorError when somewhere did not take it; what was taken stays recorded.
    """
    with engine.connect() as connection:
        signed = newest(connection)
        due = [
            name
            for name, place in ((STAMP, stamper), (MAIL, mailbox))
            if place and signed and _is_due(connection, name, signed, now)
        ]
    done: list[str] = []
    if signed is None:
        return done
    if stamper and STAMP in due:
        _keep(engine, signed, STAMP, b64encode(stamper.stamp(signed)).decode(), now)
        done.append(STAMP)
    if mailbox and MAIL in due:
        mailbox.send(signed)
        _keep(engine, signed, MAIL, mailbox.address, now)
        done.append(MAIL)
    return done


def _is_due(connection: Connection, name: str, signed: Signed, now: datetime) -> bool:
    """Tell whether a checkpoint is new to a place, and the last one there an hour old."""
    size, second = connection.execute(
        select(func.max(audit_cosig.c.size), func.max(audit_cosig.c.ts)).where(
            audit_cosig.c.name == name
        )
    ).one()
    return size is None or (size < signed.size and second <= second_of(now - EVERY))


def _keep(engine: Engine, signed: Signed, name: str, line: str, now: datetime) -> None:
    """Record where a checkpoint is held."""
    with engine.begin() as connection:
        connection.execute(
            insert(audit_cosig).values(size=signed.size, name=name, line=line, ts=second_of(now))
        )
