"""What every form needs of an entry: who publishes it, ids that stay the same, milliseconds."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from audit.entries import Action

SPAN_HEX = 16

ACTIVITIES = {
    Action.CONSULT: "raadplegen",
    Action.OVERSEE: "toezicht",
    Action.CREATE: "vastleggen",
    Action.UPDATE: "vastleggen",
    Action.PROVIDE: "verstrekken",
    Action.HIT_NOHIT: "bekendheid-vragen",
    Action.CONSENT_SET: "toestemming",
    Action.CONSENT_WITHDRAW: "toestemming",
    Action.RELEASE: "verstrekken",
    Action.TRANSITION: "proces",
    Action.BREAK_GLASS: "noodtoegang",
    Action.RIGHTS_REQ: "rechten-van-betrokkenen",
    Action.RETENTION_BLOCK: "bewaren",
    Action.DESTROY: "vernietigen",
}
"""The entry of the register of processing activities that an act falls under; others hold none."""


@dataclass(frozen=True, slots=True)
class Producer:
    """Whose log it is: its origin, and the address of the register of processing activities."""

    origin: str
    register: str

    def activity(self, action: Action) -> str | None:
        """Give the address of the register entry of an act; None for acts about no person."""
        slug = ACTIVITIES.get(action)
        return f"{self.register}/{slug}" if slug else None


def span_of(event_id: str, part: str) -> str:
    """Give a span id (8 bytes in hex) for a part of an event.

    The id of an event is random, so its hash is too; the same entry always has the same span, and
    taking an export in twice adds nothing.
    """
    return sha256(f"{part} {event_id}".encode()).hexdigest()[:SPAN_HEX]


def milliseconds(at: datetime) -> int:
    """Give an instant in milliseconds since the epoch."""
    return round(at.timestamp() * 1000)
