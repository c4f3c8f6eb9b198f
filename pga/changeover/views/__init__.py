"""The pages of the changeover, and the page of one case about its version."""

from pga.changeover.views import departures, moves, previews, start
from pga.changeover.views.blueprint import changeover
from pga.changeover.views.cases import case_version

# Importing a module registers its addresses.
MODULES = (departures, moves, previews, start)

__all__ = ["MODULES", "case_version", "changeover"]
