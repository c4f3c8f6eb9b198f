"""How the log stands: signed and witnessed up to where, held elsewhere since when, its clock.

It tells what is, also where that is little: without witnesses nobody outside vouches for the log.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from audit.anchors import MAIL, STAMP
from audit.auditctl.policies import NONE, Policy
from audit.gate import Gate, Health
from audit.models import audit_cosig, audit_index
from audit.signing import newest
from audit.witnessing import QUORUM_WITHIN, Quorum, newest_quorum

SIGNED_WITHIN = timedelta(minutes=1)
"""How long an entry may wait for its signature before the signer counts as gone."""
LARGEST_STEP = timedelta(seconds=2)
"""How far the clock may lie behind the newest entry before it counts as set back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the log is signed, witnessed and held elsewhere at a moment.

    `signed` entries are under the newest checkpoint, of `signed_at`; the oldest that is not is of
    `unsigned_since`. `witnesses` are named by the policy, of which `needed` make the quorum.
    """

    now: datetime
    health: Health
    signed: int
    signed_at: datetime | None
    unsigned_since: datetime | None
    witnesses: int
    needed: int
    quorum: Quorum | None
    stamped_at: datetime | None
    mailed_at: datetime | None

    @property
    def lag(self) -> int:
        """Count the entries that no checkpoint covers yet."""
        return max(self.health.size - self.signed, 0)

    @property
    def witness_lag(self) -> int:
        """Count the entries that no quorum covers yet."""
        return max(self.health.size - (self.quorum.size if self.quorum else 0), 0)

    @property
    def quorum_at(self) -> datetime | None:
        """Tell of when the newest checkpoint with a quorum is; None without witnesses."""
        return datetime.fromisoformat(self.quorum.second) if self.quorum and self.needed else None

    @property
    def is_unsigned(self) -> bool:
        """Tell whether entries wait longer than a signer that runs would let them."""
        since = self.unsigned_since
        return since is not None and self.now - since > SIGNED_WITHIN

    @property
    def lacks_quorum(self) -> bool:
        """Tell whether witnesses are asked and too few answered for a day: an alarm, no outage."""
        if not self.needed:
            return False
        return self.quorum_at is None or self.now - self.quorum_at > QUORUM_WITHIN

    @property
    def clock_step(self) -> float:
        """Give how many seconds the clock was set back; nothing within what clocks differ."""
        return self.health.ahead if self.health.ahead > LARGEST_STEP.total_seconds() else 0.0

    @property
    def is_held_elsewhere(self) -> bool:
        """Tell whether anybody outside holds a checkpoint."""
        found = (self.quorum_at, self.stamped_at, self.mailed_at)
        return any(at is not None for at in found)


def standing(gate: Gate, policy: Policy | None, now: datetime) -> Standing:
    """Tell how a log stands; without a policy nobody witnesses it. Six queries."""
    quorum = newest_quorum(gate.engine, policy) if policy and policy.quorum != NONE else None
    with gate.engine.connect() as connection:
        signed = newest(connection)
        size = signed.size if signed else 0
        unsigned_since = _instant(
            connection.scalar(
                select(audit_index.c.ts).where(audit_index.c.seq == size, audit_index.c.line == 0)
            )
        )
        stamped_at, mailed_at = _held(connection, STAMP), _held(connection, MAIL)
    return Standing(
        now=now,
        health=gate.health(),
        signed=size,
        signed_at=_instant(signed.second) if signed else None,
        unsigned_since=unsigned_since,
        witnesses=len(policy.witnesses) if policy else 0,
        needed=policy.fewest if policy else 0,
        quorum=quorum,
        stamped_at=stamped_at,
        mailed_at=mailed_at,
    )


def _held(connection: Connection, name: str) -> datetime | None:
    """Tell since when the newest checkpoint is held somewhere."""
    query = select(func.max(audit_cosig.c.ts)).where(audit_cosig.c.name == name)
    return _instant(connection.scalar(query))


def _instant(second: str | None) -> datetime | None:
    """Read an instant as the log writes it."""
    return datetime.fromisoformat(second) if second else None
