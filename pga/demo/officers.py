"""Officers: works councils consent to the checks, and who oversees works the list now and then.

Without it nothing would ask for an explanation in the region, and every report would be empty.
"""

from collections.abc import Mapping, Sequence

from pga.demo.script import Cue, Judge, PrepareExtract, WorksCouncil
from pga.demo.source import Region

CONSENTED: Mapping[str, tuple[int, str]] = {
    "marjan": (92, "OR-besluit 2026-11, gemeente Alkmaar (fictief)"),
    "wim": (90, "OR-besluit 7, gemeente Haarlem (fictief)"),
    "anke": (88, "Instemming OR Zaanstad, dossier 31 (fictief)"),
    "wendy": (85, "OR politie-eenheid, besluit 114 (fictief)"),
    "lucas": (85, "OR Jeugdhulp De Brug, besluit 9 (fictief)"),
    "irma": (84, "OR Leerplicht Duin en Polder, besluit 3 (fictief)"),
}
"""How many days ago an officer recorded the consent of the own works council (WOR 27)."""
WORKED: Mapping[str, Sequence[int]] = {
    "marjan": (70, 49, 28, 9),
    "hendrik": (34,),
    "wim": (45, 16),
    "anke": (40, 12),
}
"""How many days ago an officer worked the list."""
ASKED = "sem"
PREPARED = 3


def overseers(region: Region) -> Mapping[str, Sequence[Cue]]:
    """Give what officers of the region did, by who did it, in the order of time."""
    found: dict[str, list[Cue]] = {}
    for person, (day, reference) in CONSENTED.items():
        found.setdefault(person, []).append(Cue(day, person, WorksCouncil(reference)))
    for person, days in WORKED.items():
        found.setdefault(person, []).extend(Cue(day, person, Judge()) for day in days)
    if ASKED in region.youths:
        lead = region.towns[region.youths[ASKED].home].officer
        found.setdefault(lead, []).append(Cue(PREPARED, lead, PrepareExtract(ASKED)))
    return {person: cues for person, cues in found.items() if person in region.people}
