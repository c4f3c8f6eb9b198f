"""Holds agreements and limits against the log: what decides is what was entered.

Agreements and editions are plain rows under no seal. Each that holds came into force on an entry
that names its hash, so a text that somebody put in its place shows here. Nothing is waited for
meanwhile: an entry of a decision names the hash of the text that really decided.
"""

from collections.abc import Iterator, Sequence

from audit import readers as log
from audit.entries import Action, Entry
from config.ids import to_hex
from pga.agreements import editions
from pga.agreements.editions import UnsoundEditionError
from pga.agreements.service.entered import not_as_entered

AGREEMENT = "agreement"
LIMITS = "limits"


def check_agreements() -> tuple[str, ...]:
    """Give every agreement or edition in force that is not as it was entered, as "what: id"."""
    changes = log.of_action(Action.AGREEMENT_CHANGE)
    faulty = (f"{AGREEMENT}: {to_hex(one)}" for one in not_as_entered(changes))
    return (*faulty, *_limits(changes))


def _limits(changes: Sequence[Entry]) -> Iterator[str]:
    """Hold the edition in force against the entry by which it came into force."""
    row = editions.edition_in_force()
    if row is None:
        return
    try:
        editions.catalogue_in_force()
    except UnsoundEditionError:
        yield f"{LIMITS}: {to_hex(row.id)}"
        return
    known = {
        (entry.object, entry.facts.get("sha256"))
        for entry in changes
        if entry.facts.get("change") == "limits_in_force"
    }
    if (to_hex(row.id), row.sha256) not in known:
        yield f"{LIMITS}: {to_hex(row.id)}"
