"""The gate: no receipt, no key. An entry is durable before anything it allows is opened.

    record   seal the facts, append them to the log, commit; then give a receipt
    redeem   read the committed entry back by its number, hold it against its leaf, and only then
             let the key broker unwrap: same actor, session and case, each item on an allowed line

A receipt is redeemed once, within 30 seconds, at the broker that issued it. The broker is this
gate in this process: its start id stands in the payload. Whatever fails, fails closed. In process
this stops mistakes, not an intruder who owns the process.
"""

import logging
import os
import signal
import weakref
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from audit.entries import Actor, Entry, EntryError, Outcome
from audit.memory import LIFETIME, Issued
from audit.models import audit_head
from audit.payload import is_same, milliseconds_of
from audit.preparing import Prepared
from audit.reading import Opened, Reader, TamperedError
from audit.sealing import Keyring
from audit.writer import Writer
from config import clock, keys
from config.database import stores
from config.errors import ApplicationError, StoreUnavailableError
from config.ids import new_id, to_hex
from config.keys import KekProvider, KeyUnavailableError

log = logging.getLogger(__name__)


class ReceiptError(ApplicationError):
    """A receipt does not allow what is asked; `reason` is a word for the technical log."""

    status = 503
    code = "receipt-refused"
    message = "The entry in the log does not allow this to be opened, so nothing is shown."

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__()
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an entry is durable: its number, its event, who issued it and when."""

    seq: int
    event_id: str
    broker: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody wants to open on a receipt: these items (hex ids) of this case, or of none."""

    receipt: Receipt
    actor: Actor
    case_id: str | None
    items: Collection[str]


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What the committed entry says, now that its receipt is used up."""

    seq: int
    entry: Entry

    @property
    def case_epoch(self) -> int | None:
        """Give the epoch of the case that the decision saw."""
        return self.entry.case_epoch

    @property
    def agreement_epoch(self) -> int | None:
        """Give the epoch of the agreement that the decision saw."""
        return self.entry.agreement_epoch


@dataclass(frozen=True, slots=True)
class Health:
    """How the log does: entries in it, seconds its clock ran ahead of ours, and what is wrong."""

    size: int
    ahead: float
    problem: str | None

    @property
    def is_ok(self) -> bool:
        """Tell whether entries can be written."""
        return self.problem is None


def _nothing() -> None:
    """Do nothing more when the log breaks: the gate stays shut, and its owner asks `health`."""


class Gate:
    """The one way into the log, and the broker's check before a key is used."""

    def __init__(
        self, engine: Engine, kek_provider: KekProvider, on_fault: Callable[[], None] = _nothing
    ) -> None:
        """Open the gate of a log.

        `on_fault` is called after an I/O error of the log's file: this process may not write any
        more, and should end.
        """
        self.engine = engine
        self._provider = kek_provider
        self.writer = Writer(engine, on_fault)
        self._start()
        _gates.add(self)

    def _start(self) -> None:
        """Be a new broker: with a start id of its own, and no receipts."""
        self.broker = to_hex(new_id())
        self.reader = Reader(self.engine, Keyring(self.engine, self._provider))
        self._issued = Issued()

    def record(self, entry: Entry) -> Receipt:
        """Make an entry durable; raises StoreUnavailableError when it is not known to be."""
        return self.record_many([entry])[0]

    def record_many(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Make entries durable in one commit, and give a receipt for each.

        Raises StoreUnavailableError when they are not known to be durable: then nothing may be
        shown, and the same entries may be recorded again. Raises EntryError for an impossible one.
        """
        if not entries:
            return []
        at = milliseconds_of(clock.now())
        keyring = self.reader.keyring
        try:
            prepared = [Prepared(entry, at, self.broker, keyring) for entry in entries]
        except (SQLAlchemyError, KeyUnavailableError) as error:
            log.exception("append-failed")
            raise StoreUnavailableError from error
        placed = self.writer.append(prepared)
        receipts = [
            Receipt(place.seq, entry.event_id, self.broker, at)
            if place.is_new
            else self._again(place.seq, entry)
            for place, entry in zip(placed, entries, strict=True)
        ]
        self._issued.issue([one.seq for one in receipts if one.broker == self.broker])
        return receipts

    def _again(self, seq: int, entry: Entry) -> Receipt:
        """Give the receipt of an entry that was in the log already; raises EntryError if other."""
        stored = self._read([seq])[seq]
        if not is_same(stored.entry, entry):
            message = "the event id belongs to another entry"
            raise EntryError(message)
        return Receipt(seq, entry.event_id, stored.broker, stored.at)

    def redeem(
        self, receipt: Receipt, *, actor: Actor, case_id: str, items: Collection[str]
    ) -> Redeemed:
        """Use a receipt up to open items (hex ids) of a case; call it just before unwrapping.

        Raises ReceiptError unless the committed entry allows exactly this, and
        StoreUnavailableError when it cannot be read.
        """
        return self.redeem_many([Claim(receipt, actor, case_id, items)])[0]

    def redeem_many(self, claims: Sequence[Claim]) -> list[Redeemed]:
        """Use up the receipts of a list with one query; one that is refused refuses them all.

        Raises ReceiptError and StoreUnavailableError as `redeem` does.
        """
        if not claims:
            return []
        refusals = [self._claim(claim.receipt) for claim in claims]
        try:
            found = self._read([claim.receipt.seq for claim in claims])
        except TamperedError as error:
            raise self._refuse(reason="doctored", seq=error.seq) from error
        for claim, refusal in zip(claims, refusals, strict=True):
            stored = found.get(claim.receipt.seq)
            reason = refusal or self._objection(claim, stored)
            if reason:
                raise self._refuse(reason, claim.receipt.seq)
        return [Redeemed(c.receipt.seq, found[c.receipt.seq].entry) for c in claims]

    def _claim(self, receipt: Receipt) -> str | None:
        """Use a receipt up in memory; tell what is wrong with it."""
        if receipt.broker != self.broker:
            return "other-broker"
        return self._issued.claim(receipt.seq)

    def _objection(self, claim: Claim, stored: Opened | None) -> str | None:
        """Hold a claim against the committed entry; tell what is wrong with it."""
        if stored is None:
            return "not-committed"
        entry = stored.entry
        age = clock.now() - stored.at
        checks = {
            "other-event": claim.receipt.event_id == entry.event_id,
            "other-broker": stored.broker == self.broker,
            "expired": timedelta(0) <= age <= timedelta(seconds=LIFETIME),
            "other-actor": entry.actor == claim.actor,
            "other-case": entry.case_id == claim.case_id,
            "denied": entry.decided in {Outcome.PERMIT, Outcome.MIXED},
            "other-item": entry.allowed_items.issuperset(claim.items),
        }
        return next((reason for reason, holds in checks.items() if not holds), None)

    def _refuse(self, reason: str, seq: int) -> ReceiptError:
        """Note a refusal in the technical log and make its error."""
        log.error("receipt-refused", extra={"code": reason, "event": seq})
        return ReceiptError(reason)

    def _read(self, numbers: Sequence[int]) -> dict[int, Opened]:
        """Read committed entries; raises StoreUnavailableError when that fails."""
        if self.writer.is_broken:
            raise StoreUnavailableError
        try:
            return self.reader.read(numbers)
        except (SQLAlchemyError, KeyUnavailableError) as error:
            raise StoreUnavailableError from error

    def health(self) -> Health:
        """Tell how the log does: takes its turn to write, but writes nothing."""
        try:
            self.writer.append([])
            with self.engine.connect() as connection:
                row = connection.execute(select(audit_head.c.size, audit_head.c.ts)).one_or_none()
        except (StoreUnavailableError, SQLAlchemyError):
            return Health(0, 0.0, self.writer.problem or "the log cannot be read")
        if row is None:
            return Health(0, 0.0, self.writer.problem)
        ahead = datetime.fromisoformat(row.ts) - clock.now()
        return Health(row.size, max(ahead.total_seconds(), 0.0), self.writer.problem)

    def close(self) -> None:
        """Take no more entries; those that wait are still committed."""
        self.writer.close()

    def before_fork(self) -> None:
        """Close every connection: an SQLite handle or a socket must not live in two processes.

        Waits for who is writing. Who forks while another thread reads a database does so at its
        own risk, as with every library that holds locks.
        """
        self.writer.pause()
        self.engine.dispose()

    def after_fork(self, *, is_child: bool) -> None:
        """Go on in the parent; be another broker with connections of its own in the child."""
        if is_child:
            self.writer.start()
            self._start()
        else:
            self.writer.resume()


_gates: weakref.WeakSet[Gate] = weakref.WeakSet()


def _before_fork() -> None:
    """Prepare every gate of this process for a fork."""
    for one in list(_gates):
        one.before_fork()


def _after_fork_in_parent() -> None:
    """Let every gate of the parent go on."""
    for one in list(_gates):
        one.after_fork(is_child=False)


def _after_fork_in_child() -> None:
    """Make every gate of the child a broker of its own."""
    for one in list(_gates):
        one.after_fork(is_child=True)


os.register_at_fork(
    before=_before_fork,
    after_in_parent=_after_fork_in_parent,
    after_in_child=_after_fork_in_child,
)


def init_app(app: Flask) -> None:
    """Give the app its gate; the stores and the key provider must be there already."""
    with app.app_context():
        app.extensions["audit"] = Gate(stores().audit, keys.kek(), _end_process)


def _end_process() -> None:
    """End this process after an I/O error of the log, so that another recovers from disk."""
    log.critical("log-broken")
    os.kill(os.getpid(), signal.SIGTERM)


def gate() -> Gate:
    """Give the gate of the current app."""
    found: Gate = current_app.extensions["audit"]
    return found


def record(entry: Entry) -> Receipt:
    """Make an entry durable in the log of the current app; raises StoreUnavailableError."""
    return gate().record(entry)


def record_many(entries: Sequence[Entry]) -> list[Receipt]:
    """Make entries durable in one commit, in the log of the current app; one receipt for each."""
    return gate().record_many(entries)
