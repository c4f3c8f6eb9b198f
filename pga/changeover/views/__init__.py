"""The pages of the changeover, and the page of one case about its version."""

from pga.changeover.views import previews, start
from pga.changeover.views.blueprint import changeover

# Importing a module registers its addresses.
MODULES = (previews, start)

__all__ = ["MODULES", "changeover"]
