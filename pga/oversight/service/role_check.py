"""Holds what opens more than one case against the log: roles, and decisions for a municipality.

Both are plain rows that belong to no case and so are under no seal. Each was entered before it was
stored, so one that somebody put in or changed shows here.
"""

from audit import readers as log
from audit.entries import Action
from auth.service import entered as roles
from config.ids import to_hex
from pga.sharing.service import entered as sharing

ROLE = "role"
DECISION = "decision"


def check_roles() -> tuple[str, ...]:
    """Give every role and decision that is not as it was entered, as "what: id"."""
    changes = log.of_action(Action.ROLE_CHANGE)
    faulty = (f"{ROLE}: {to_hex(one)}" for one in roles.not_as_entered(changes))
    return (*faulty, *_decisions())


def _decisions() -> tuple[str, ...]:
    """Hold the decisions against the entries of what was provided, when there are any."""
    decisions = sharing.decisions_for_all()
    provided = log.of_action(Action.PROVIDE) if decisions else []
    return tuple(
        f"{DECISION}: {to_hex(one)}" for one in sharing.not_as_entered(decisions, provided)
    )
