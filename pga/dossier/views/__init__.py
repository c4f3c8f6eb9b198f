"""The pages of the case file; each view parses, calls and answers."""

from pga.dossier.views import (
    cases,
    home,
    interventions,
    kept,
    people,
    process,
    repair,
    starting,
    writing,
)
from pga.dossier.views.blueprint import dossier

# Importing a module registers its addresses.
MODULES = (cases, home, interventions, kept, people, process, repair, starting, writing)

__all__ = ["MODULES", "dossier"]
