"""How the log stands, for the block an officer reads: nothing of what is in it, so no look."""

from dataclasses import dataclass

from audit.auditctl.policies import Policy
from audit.gate import gate
from audit.signer import read_policy
from audit.standing import Standing, standing
from config import clock
from config.database import settings
from config.errors import SettingsError
from pga.oversight import queries
from pga.oversight.models import LogVerification


@dataclass(frozen=True, slots=True)
class LogHealth:
    """How the log stands and what its last verification found.

    `is_policy_read` is False when the file that names the witnesses cannot be read.
    """

    standing: Standing
    verified: LogVerification | None
    is_policy_read: bool


def log_health() -> LogHealth:
    """Tell how the log stands now, in a fixed number of queries."""
    policy, is_read = _policy()
    return LogHealth(
        standing(gate(), policy, clock.now()), queries.last_verification(), is_policy_read=is_read
    )


def _policy() -> tuple[Policy | None, bool]:
    """Read which witnesses are asked; without a file nobody is."""
    path = settings().log_policy
    if path is None:
        return None, True
    try:
        return read_policy(path.read_bytes()), True
    except (OSError, SettingsError):
        return None, False
