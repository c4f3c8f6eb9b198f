"""Is who works here who was let in? Roles that hold, held against the log.

Memberships are plain rows under no seal. Whoever owns the database can put one in, but not the
entry that goes before it.
"""

from collections import defaultdict
from collections.abc import Iterable

from audit.entries import Entry
from auth import queries
from auth.models import Membership
from auth.service.entries import ACCOUNT_CREATED, ROLE_ENDED, ROLE_GIVEN, role_facts
from config import clock
from config.ids import to_hex

GIVEN = frozenset({ACCOUNT_CREATED, ROLE_GIVEN})


def not_as_entered(changes: Iterable[Entry]) -> list[bytes]:
    """Give the memberships that hold now or later and that nobody gave so, or that were ended.

    `changes` are all entries of changes of roles.
    """
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in changes:
        if "membership" in entry.facts:
            entries[str(entry.facts["membership"])].append(entry)
    return [
        one.id
        for one in queries.unended_memberships(clock.today())
        if not _is_as_entered(one, entries[to_hex(one.id)])
    ]


def _is_as_entered(membership: Membership, entries: Iterable[Entry]) -> bool:
    """Tell whether a membership was given as it stands, and not ended since."""
    told = (to_hex(membership.person_id), role_facts(membership))
    given = ended = False
    for entry in entries:
        change = entry.facts.get("change")
        facts = {key: value for key, value in entry.facts.items() if key != "change"}
        given = given or (change in GIVEN and (entry.object, facts) == told)
        ended = ended or change == ROLE_ENDED
    return given and not ended
