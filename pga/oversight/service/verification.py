"""Verification of the log: every day by the worker, and at once when an officer asks.

What was found is kept in the app store. So the next verification also sees what the log alone
cannot show: that it was cut short or rewritten as a whole after it was last found sound.
"""

import logging

from audit import gate, proofs
from audit.entries import Action, Entry
from audit.reading import TamperedError
from audit.verify import State, Verdict, verify
from config import clock
from config.database import db, stores, transaction
from config.keys import kek
from pga.oversight import queries
from pga.oversight.models import LogVerification
from pga.oversight.rules import VERIFY_EVERY, LogVerdict
from pga.oversight.service.bench import Bench

ANCHORS = 30
LONGEST_WHY = 300
VERDICTS = {
    State.OK: LogVerdict.OK,
    State.TAMPERED: LogVerdict.TAMPERED,
    State.INCOMPLETE: LogVerdict.INCOMPLETE,
}

_log = logging.getLogger(__name__)


def verify_daily() -> None:
    """Verify the log when the last verification is a day old; for the worker."""
    last = queries.last_verification()
    if last is None or clock.now() - last.at >= VERIFY_EVERY:
        _verify()


def verify_now(bench: Bench) -> LogVerification:
    """Verify the whole log because an officer asks; that is entered first."""
    gate.record(
        Entry(
            action=Action.LOG_VIEW,
            actor=bench.actor,
            object=bench.id,
            reason="verify",
        )
    )
    return _verify()


def _verify() -> LogVerification:
    """Recompute the log, hold it against what was found before, and keep the outcome."""
    found = verify(stores().audit, kek())
    if found.is_ok:
        found = _against_earlier(found)
    if found.state is State.TAMPERED:
        _log.critical("the log was tampered with", extra={"event": "log-tampered"})
    row = LogVerification(
        at=clock.now(),
        verdict=VERDICTS[found.state],
        size=found.size,
        root=found.root,
        first_bad=found.first_bad,
        why=found.why[:LONGEST_WHY],
    )
    with transaction():
        db.session.add(row)
    return row


def _against_earlier(found: Verdict) -> Verdict:
    """Hold a log that is sound in itself against its earlier sizes and roots, newest first.

    The first bad entry then lies after the newest size at which the log is still the same.
    """
    is_changed, same = False, 0
    for earlier in queries.sound_verifications(ANCHORS):
        if _root_at(earlier.size) == earlier.root:
            same = earlier.size
            break
        is_changed = True
    if not is_changed:
        return found
    why = "the log is not the one that was found whole before: it was rewritten or cut short"
    return Verdict(State.TAMPERED, found.size, found.root, found.erased, same, why)


def _root_at(size: int) -> str | None:
    """Give the root at an earlier size in hex; None when the log cannot have one any more."""
    try:
        root = proofs.root_at(size)
    except TamperedError:
        return None
    return root.hex() if root is not None else None
