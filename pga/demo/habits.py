"""Habits: who looks at the own work list, and who opens a case now and then.

A look is an entry in the log too; without these, everything would still be new to everybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from pga.demo.lines import mention
from pga.demo.script import Cue, LookAtList, Open, OpenLate
from pga.demo.source import Region, Youth

LISTS: Mapping[str, Sequence[int]] = {
    "ilse": (14, 5, 1),
    "joost": (2,),
    "erik": (4,),
    "anouk": (3,),
    "rosa": (1,),
}
LATE: Mapping[str, tuple[int, str]] = {"ilse": (11, "sem")}
"""Who opened which case late in the evening, so many days ago: the checks notice it."""
READERS = frozenset(
    {"ilse", "joost", "erik", "maaike", "tessa", "anouk", "peter", "linda", "samira"}
    | {"jeroen", "hanna", "rosa"}
)
NEWEST_LOOK, SPREAD = 1, 15
OUT_OF, LOOK = 5, 3
JOINED_AFTER = 9


def lists(region: Region) -> Mapping[str, Sequence[Cue]]:
    """Give when people of the region looked at their list, and who opened a case late."""
    found = {
        person: [Cue(day, person, LookAtList()) for day in days] for person, days in LISTS.items()
    }
    for person, (day, youth) in LATE.items():
        if youth in region.youths:
            found[person] = [*found[person], Cue(day, person, OpenLate(youth))]
    return {
        person: sorted(cues, key=lambda cue: -cue.days)
        for person, cues in found.items()
        if person in region.people
    }


def looks(key: str, youth: Youth, people: Sequence[str]) -> Iterator[Cue]:
    """Let people open a case in the last weeks; two in five leave what is new."""
    left = {line.by for line in map(mention, youth.left)}
    for person in people:
        seed = crc32(f"{key} {person}".encode())
        day = NEWEST_LOOK + seed % SPREAD
        is_there = day < youth.opened - JOINED_AFTER and person not in left
        if person in READERS and is_there and seed % OUT_OF < LOOK:
            yield Cue(day, person, Open(), 56)
