"""Replay: what one partner could see in a case on a day, and which parts it opened that day.

Taken from the log alone: every entry holds the decision on each part as it was made then, with the
rule, the clause and the version of the agreement. Names of parts and reasons, never content.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit import queries as log
from audit.entries import Action, Entry, Kind, Line
from audit.queries import Access
from config import clock
from pga.oversight.rules import WHOLE, LookReason
from pga.oversight.service.bench import Bench, bench_for
from pga.oversight.service.looking import enter, look, outside
from pga.oversight.service.veiling import veiled

NEWEST = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One provider and category as it stood for the partner on that day.

    `opened` is how often the partner opened something of it that day.
    """

    line: Line
    opened: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the log knows of a partner in a case on a day; `decided` is None without any decision.

    `decided` is the access whose decisions are shown, the newest up to the end of that day.
    """

    bench: Bench
    decided: Access | None
    parts: tuple[Part, ...]
    opened: tuple[Access, ...]

    @property
    def entry(self) -> Entry | None:
        """Give the facts of the access whose decisions are shown."""
        return self.decided.entry if self.decided else None


def replay(
    found: Sequence[Bench], case_id: bytes, organisation: str, day: date, reason: LookReason
) -> Replayed:
    """Replay a day of a partner (organisation id in hex) in a case; the look is entered first.

    Raises NotFoundError, after one entry, for a case outside every bench, real or not.
    """
    bench = bench_for(found, case_id) or outside(found[0].viewer, case_id)
    case = bench.cases[case_id.hex()]
    enter(look(bench, Kind.OPENED, reason, case_id.hex(), case))
    asked: log.Search = {
        "case_id": case_id.hex(),
        "organisation": organisation,
        "actions": frozenset({Action.CONSULT}),
        "until": clock.end_of(day) + timedelta(seconds=1),
        "within": bench.reach_of([case_id.hex()]),
    }
    reach = bench.reach_of([case_id.hex()])
    newest = [veiled(one, reach) for one in log.accesses(limit=NEWEST, **asked)]
    that_day: log.Search = {**asked, "since": clock.start_of(day), "kinds": WHOLE}
    opened = [veiled(one, reach) for one in log.accesses(limit=log.LARGEST_PAGE, **that_day)]
    decided = newest[0] if newest else None
    lines = decided.entry.lines if decided is not None and decided.entry is not None else ()
    return Replayed(
        bench,
        decided,
        tuple(Part(line, _times(opened, line)) for line in lines),
        tuple(opened),
    )


def _times(opened: Sequence[Access], line: Line) -> int:
    """Count how often something of a part was opened."""
    return sum(
        any(
            one.is_allowed and one.items and (one.provider, one.category) == _place(line)
            for one in access.entry.lines
        )
        for access in opened
        if access.entry is not None
    )


def _place(line: Line) -> tuple[str, str]:
    """Give provider and category of a line."""
    return line.provider, line.category
