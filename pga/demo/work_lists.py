"""Who looked at the own work list on which days; a list is an entry for each case on it."""

from collections.abc import Mapping, Sequence

from pga.demo.script import Cue, LookAtList
from pga.demo.source import Region

LOOKED: Mapping[str, Sequence[int]] = {
    "ilse": (40, 14, 5, 1),
    "joost": (2,),
    "erik": (4,),
    "tessa": (6,),
    "anouk": (3,),
    "maaike": (12,),
    "rosa": (1,),
}


def work_lists(region: Region) -> Mapping[str, Sequence[Cue]]:
    """Give the days on which people of the region looked at their list."""
    return {
        person: [Cue(day, person, LookAtList()) for day in days]
        for person, days in LOOKED.items()
        if person in region.people
    }
