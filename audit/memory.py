"""What a broker remembers of the receipts it issued: in memory only, so a restart revives none."""

import time
from threading import Lock

LIFETIME = 30.0
"""Seconds in which a receipt must be redeemed."""
REMEMBERED = 65_536
"""Receipts kept in mind; at 2,000 a second that is more than their lifetime."""

_REDEEMED = -1.0


class Issued:
    """The receipts of one broker: each redeemed once, in its lifetime, by the steady clock.

    Bounded: what is forgotten counts as redeemed, so a flood refuses receipts, never repeats one.
    """

    def __init__(self) -> None:
        """Begin with no receipts."""
        self._deadlines: dict[int, float] = {}
        self._forgotten = -1
        self._lock = Lock()

    def issue(self, numbers: list[int]) -> None:
        """Remember receipts from now on; one that is known already keeps its state."""
        deadline = time.monotonic() + LIFETIME
        with self._lock:
            for seq in numbers:
                self._deadlines.setdefault(seq, deadline)
            while len(self._deadlines) > REMEMBERED:
                oldest = next(iter(self._deadlines))
                del self._deadlines[oldest]
                self._forgotten = max(self._forgotten, oldest)

    def claim(self, seq: int) -> str | None:
        """Use a receipt up, whatever comes of it; tell why it may not be used, or None."""
        with self._lock:
            deadline = self._deadlines.get(seq)
            if deadline is None or seq <= self._forgotten:
                return "unknown"
            self._deadlines[seq] = _REDEEMED
        if deadline == _REDEEMED:
            return "redeemed"
        return "expired" if time.monotonic() > deadline else None
