"""Asking witnesses to cosign what the log signed (C2SP tlog-witness), and keeping what they say.

A witness that does not answer stops nothing: the log goes on, and whoever watches over it is told
that the quorum lacks. What a witness answers is believed only when its signature is right.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from audit.auditctl.notes import Note, NoteError, decimal, parse_note, parse_signatures
from audit.auditctl.policies import NONE, Policy, Witness
from audit.auditctl.witness import ADD, Request
from audit.leaf import second_of
from audit.models import audit_checkpoint, audit_cosig
from audit.publishing import Publication

PATIENCE = 10
"""Seconds a witness gets to answer."""
LONGEST_ANSWER = 64 * 1024
QUORUM_WITHIN = timedelta(hours=24)
"""How old the newest checkpoint with a quorum may be before it is an alarm (no outage)."""
_CONFLICT = 409

log = logging.getLogger(__name__)


class WitnessError(Exception):
    """A witness did not cosign; the text says why."""


class BehindError(WitnessError):
    """A witness knows another size of the log than we thought."""

    def __init__(self, size: int) -> None:
        """Keep the size it knows."""
        super().__init__(f"it knows the log at {size} entries")
        self.size = size


@dataclass(frozen=True, slots=True)
class Quorum:
    """How far the witnesses are: the newest size with a quorum, and since when."""

    size: int
    second: str


def ask_all(engine: Engine, policy: Policy, now: datetime) -> list[str]:
    """Ask every witness of a policy to cosign the newest checkpoint; name those that did now."""
    done: list[str] = []
    for witness in policy.witnesses.values():
        if not witness.url:
            continue
        try:
            if ask(engine, witness, now):
                done.append(witness.name)
        except WitnessError as error:
            log.warning("The witness %s did not cosign: %s", witness.name, error)
    return done


def ask(engine: Engine, witness: Witness, now: datetime) -> bool:
    """Ask one witness; False when it cosigned the newest checkpoint already.

    Raises WitnessError when it does not answer, refuses, or signs something else.
    """
    with engine.connect() as connection:
        published = Publication(connection)
        size, note = published.signed.size, published.signed.note
        known = connection.scalar(
            select(func.max(audit_cosig.c.size)).where(audit_cosig.c.name == witness.name)
        )
        if known == size:
            return False
        old = known or 0
        try:
            line = _post(witness, Request(old, tuple(published.consistency(old)), note))
        except BehindError as error:
            if error.size > size:
                raise
            proof = tuple(published.consistency(error.size))
            line = _post(witness, Request(error.size, proof, note))
    _check(witness, note, line)
    with engine.begin() as connection:
        try:
            connection.execute(
                insert(audit_cosig).values(
                    size=size, name=witness.name, line=line, ts=second_of(now)
                )
            )
        except IntegrityError:  # another signer was told the same
            return False
    return True


def newest_quorum(engine: Engine, policy: Policy) -> Quorum | None:
    """Find the newest checkpoint that the quorum of a policy cosigned; None when there is none.

    With a quorum of nobody every checkpoint counts.
    """
    with engine.connect() as connection:
        for size, second, names in _cosigned(connection.engine, policy):
            if policy.is_met(names):
                return Quorum(size, second)
    return None


def _cosigned(engine: Engine, policy: Policy) -> Iterator[tuple[int, str, list[str]]]:
    """List checkpoints with the names of who cosigned them, the newest first."""
    is_alone = policy.quorum == NONE
    with engine.connect() as connection:
        query = select(audit_checkpoint.c.size, audit_checkpoint.c.ts)
        if not is_alone:
            query = query.where(audit_checkpoint.c.size.in_(select(audit_cosig.c.size)))
        for size, second in connection.execute(query.order_by(audit_checkpoint.c.size.desc())):
            names = select(audit_cosig.c.name).where(audit_cosig.c.size == size)
            yield size, second, list(connection.scalars(names))


def _post(witness: Witness, request: Request) -> str:
    """Send a request; give the signature lines that come back."""
    asked = HttpRequest(  # noqa: S310 - the address stands in the policy of this installation
        witness.url.rstrip("/") + ADD, request.encode(), {"Content-Type": "text/plain"}
    )
    try:
        with urlopen(asked, timeout=PATIENCE) as reply:  # noqa: S310 - as above
            return str(reply.read(LONGEST_ANSWER).decode("utf-8"))
    except HTTPError as error:
        with error:
            said = error.read(LONGEST_ANSWER).decode("utf-8", "replace").strip()
        if error.code == _CONFLICT:
            raise BehindError(_size(said)) from error
        message = f"{error.code} {said}"
        raise WitnessError(message) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise WitnessError(str(error)) from error


def _size(text: str) -> int:
    """Read the size a witness says it knows."""
    try:
        return decimal(text)
    except NoteError as error:
        message = "it refused, and did not say which size it knows"
        raise WitnessError(message) from error


def _check(witness: Witness, note: bytes, line: str) -> None:
    """Believe what a witness sent only when it signed this very checkpoint."""
    try:
        found = Note(parse_note(note).text, parse_signatures(line)).signed_by([witness.key])
    except NoteError as error:
        raise WitnessError(str(error)) from error
    if not found:
        message = "it answered with the signature of somebody else"
        raise WitnessError(message)
