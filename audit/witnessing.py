"""Asking witnesses to cosign what the log signed (C2SP tlog-witness), and keeping what they say.

A witness that does not answer stops nothing: the log goes on, and whoever watches over it is told
that the quorum lacks. What a witness answers is believed only when its signature is right.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Engine, and_, func, insert, select, true
from sqlalchemy.exc import IntegrityError

from audit.auditctl.notes import Note, NoteError, decimal, parse_note, parse_signatures
from audit.auditctl.policies import Policy, Witness
from audit.auditctl.witness import ADD, Request
from audit.leaf import second_of
from audit.models import audit_checkpoint, audit_cosig
from audit.outside import NO_ANSWER, RefusedError, post
from audit.publishing import Publication, is_signature

PER_READ = 100
"""Rows read at a time when looking for the newest quorum."""
QUORUM_WITHIN = timedelta(hours=24)
"""How old the newest checkpoint with a quorum may be before it is an alarm (no outage)."""

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
    return [one.name for one in policy.witnesses.values() if ask_once(engine, one, now)]


def ask_once(engine: Engine, witness: Witness, now: datetime) -> bool:
    """Ask one witness, if the policy says where; what went wrong is said and tried again later."""
    try:
        return bool(witness.url) and ask(engine, witness, now)
    except WitnessError as error:
        log.warning("The witness %s did not cosign: %s", witness.name, error)
        return False


def ask(engine: Engine, witness: Witness, now: datetime) -> bool:
    """Ask one witness; False when it cosigned the newest checkpoint already.

    Raises WitnessError when it does not answer, refuses, or signs something else.
    """
    with engine.connect() as connection:
        size = Publication(connection).signed.size
        known = connection.scalar(
            select(func.max(audit_cosig.c.size)).where(audit_cosig.c.name == witness.name)
        )
    if known == size:
        return False
    size, request = _request(engine, known or 0)
    try:
        answer = _post(witness, request)
    except BehindError as error:
        size, request = _request(engine, error.size)
        answer = _post(witness, request)
    line = _own_line(witness, request.note, answer)
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


def _request(engine: Engine, old: int) -> tuple[int, Request]:
    """Write what to ask from a size on, and of which size; no connection waits for the answer.

    Raises BehindError when the log is shorter than that.
    """
    with engine.connect() as connection:
        published = Publication(connection)
        signed = published.signed
        if old > signed.size:
            raise BehindError(old)
        return signed.size, Request(old, tuple(published.consistency(old)), signed.note)


def newest_quorum(engine: Engine, policy: Policy) -> Quorum | None:
    """Find the newest checkpoint that the quorum of a policy cosigned; None when there is none.

    With a quorum of nobody every checkpoint counts. A cosignature counts by its bytes, whatever
    the row says whose it is. One query, read as far as the answer, over the checkpoints with
    signatures enough: while witnesses are away, the others go on.
    """
    given = and_(audit_cosig.c.size == audit_checkpoint.c.size, is_signature())
    enough = (
        select(audit_cosig.c.size)
        .where(is_signature())
        .group_by(audit_cosig.c.size)
        .having(func.count() >= policy.fewest)
    )
    query = (
        select(audit_checkpoint.c.size, audit_checkpoint.c.ts, audit_checkpoint.c.note)
        .add_columns(func.coalesce(audit_cosig.c.line, ""))
        .select_from(audit_checkpoint.join(audit_cosig, given, isouter=not policy.fewest))
        .where(audit_checkpoint.c.size.in_(enough) if policy.fewest else true())
        .order_by(audit_checkpoint.c.size.desc())
        .execution_options(yield_per=PER_READ)
    )
    with engine.connect() as connection:
        for _, rows in groupby(connection.execute(query), key=attrgetter("size")):
            found = list(rows)
            if policy.is_met(_cosigners(policy, bytes(found[0].note), [row[3] for row in found])):
                return Quorum(found[0].size, found[0].ts)
    return None


def _cosigners(policy: Policy, note: bytes, lines: Iterable[str]) -> set[str]:
    """Name the witnesses of a policy whose signature over a checkpoint is among these lines."""
    names: set[str] = set()
    for line in filter(None, lines):
        with suppress(NoteError):
            names.update(policy.cosigners(Note(parse_note(note).text, parse_signatures(line))))
    return names


def _post(witness: Witness, request: Request) -> str:
    """Send a request; give the signature lines that come back."""
    address = witness.url.rstrip("/") + ADD
    try:
        return post(address, request.encode(), "text/plain").decode("utf-8")
    except RefusedError as error:
        if error.status == HTTPStatus.CONFLICT:
            raise BehindError(_size(error.said)) from error
        raise WitnessError(str(error)) from error
    except NO_ANSWER as error:
        raise WitnessError(str(error)) from error


def _size(text: str) -> int:
    """Read the size a witness says it knows."""
    try:
        return decimal(text)
    except NoteError as error:
        message = "it refused, and did not say which size it knows"
        raise WitnessError(message) from error


def _own_line(witness: Witness, note: bytes, answer: str) -> str:
    """Take from an answer the signature of that witness over this very checkpoint.

    Whatever else it sent is left out: we publish it, and a wrong signature in the name of the log
    or of another witness would spoil the checkpoint for everybody.
    """
    text = parse_note(note).text
    try:
        for signature in parse_signatures(answer):
            if Note(text, (signature,)).signed_by([witness.key]):
                return str(signature)
    except NoteError as error:
        raise WitnessError(str(error)) from error
    message = "it answered with the signature of somebody else"
    raise WitnessError(message)
