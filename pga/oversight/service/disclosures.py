"""Disclosures between organisations: whose data was opened by whom, and how often.

Counted from the entries themselves, each held against its leaf: what somebody really opened of
what another organisation brought, not what might have been.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit.entries import Entry, Kind
from audit.queries import Access
from config import clock
from config.ids import from_hex, to_hex
from pga.oversight import extracts, queries
from pga.oversight.rules import DISCLOSED
from pga.oversight.service.asking import Question, all_of
from pga.oversight.service.bench import Bench
from pga.oversight.service.copying import MOST_ROWS, TooMuchToCopyError
from pga.oversight.service.looking import enter, look
from pga.oversight.service.rows import Directory
from pga.oversight.service.veiling import is_without_owner


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What one organisation opened of another.

    `giver` is the id of the organisation in hex, or the code of its kind of partner when the items
    are gone and the log knows no more; `taker` is an id in hex.
    """

    giver: str
    taker: str
    accesses: Sequence[Access]

    @property
    def times(self) -> int:
        """Count the openings."""
        return len(self.accesses)

    @property
    def youths(self) -> int:
        """Count the young people they were about."""
        return len({one for a in self.accesses if a.entry for one in a.entry.subjects})

    @property
    def last_on(self) -> date | None:
        """Tell the day of the last one."""
        opened = self.accesses[0].opened
        return clock.local_day(opened.at) if opened else None


def disclosures(bench: Bench, question: Question) -> list[Disclosed]:
    """List who opened what of whom in some days, the most often first; the look is entered first.

    Raises TooMuchToCopyError when there is more than one page can be made of.
    """
    days = {"since": question.since, "until": question.until}
    facts: dict[str, str | int] = {name: day.isoformat() for name, day in days.items() if day}
    enter(replace(look(bench, Kind.LISTED, question.reason, bench.id), facts=facts))
    accesses = all_of(bench.reach(), question, DISCLOSED, most=MOST_ROWS)
    if accesses is None:
        raise TooMuchToCopyError
    opened = {one.event_id for one in extracts.told(a.entry for a in accesses if a.entry)}
    kept = [(a, a.entry) for a in accesses if a.entry is not None and a.entry.event_id in opened]
    names = Directory(bench, ([access for access, _entry in kept],))
    owners = queries.owners_of(
        {from_hex(item) for _access, entry in kept for item in entry.allowed_items}
    )
    found: defaultdict[tuple[str, str], list[Access]] = defaultdict(list)
    for access, entry in kept:
        taker = names.employer_of(entry.actor)
        for giver in _givers(entry, owners, is_whole=bench.is_whole):
            if giver != taker:
                found[giver, taker].append(access)
    rows = [Disclosed(giver, taker, members) for (giver, taker), members in found.items()]
    return sorted(rows, key=lambda one: (-one.times, one.giver, one.taker))


def _givers(entry: Entry, owners: dict[bytes, bytes], *, is_whole: bool) -> set[str]:
    """Tell whose items an entry opened; of an item that is gone, the kind of partner.

    To a partner's officer what stands under the case manager is the case manager's (R-29).
    """
    found = set[str]()
    for line in entry.lines:
        if line.is_allowed and not is_whole and line.items and is_without_owner(line):
            found.add(line.provider)
        elif line.is_allowed:
            found.update(
                to_hex(owner) if (owner := owners.get(from_hex(item))) else line.provider
                for item in line.items
            )
    return found
