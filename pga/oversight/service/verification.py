"""Verification of the log: every day by the worker, and at once when an officer asks.

What was found is kept in the app store. So the next verification also sees what the log alone
cannot show: that it was cut short or rewritten as a whole after it was last found sound.
"""

import logging

from audit import gate, proofs
from audit.entries import Action, Entry
from audit.reading import TamperedError
from audit.verify import State, verify
from config import clock
from config.database import db, stores, transaction
from config.keys import kek
from pga.oversight import queries
from pga.oversight.models import LogVerification
from pga.oversight.rules import BROKEN, VERIFY_EVERY, LogVerdict
from pga.oversight.service.bench import Bench

ANCHORS = 30
LONGEST_WHY = 300
REWRITTEN = "the log is not the one that was found whole before: it was rewritten or cut short"
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
    verdict, first_bad, why = VERDICTS[found.state], found.first_bad, found.why
    if verdict is LogVerdict.OK:
        same = _same_until()
        if same is not None:
            verdict, first_bad, why = LogVerdict.REWRITTEN, same, REWRITTEN
    if verdict in BROKEN:
        _log.critical("the log was tampered with", extra={"event": "log-tampered"})
    row = LogVerification(
        at=clock.now(),
        verdict=verdict,
        size=found.size,
        root=found.root,
        first_bad=first_bad,
        why=why[:LONGEST_WHY],
    )
    with transaction():
        db.session.add(row)
    return row


def _same_until() -> int | None:
    """Tell up to which earlier size the log is still the same; None when nothing was changed.

    The log is held against the sizes and roots at which it was found whole, the newest first.
    """
    is_changed = False
    for earlier in queries.sound_verifications(ANCHORS):
        if _root_at(earlier.size) == earlier.root:
            return earlier.size if is_changed else None
        is_changed = True
    return 0 if is_changed else None


def _root_at(size: int) -> str | None:
    """Give the root at an earlier size in hex; None when the log cannot have one any more."""
    try:
        root = proofs.root_at(size)
    except TamperedError:
        return None
    return root.hex() if root is not None else None
