"""The pages of sharing: consent and releases, decisions, notes, and what one's organisation may."""

from pga.sharing.views import grounds, organisation, releases
from pga.sharing.views.blueprint import sharing

# Importing a module registers its addresses.
MODULES = (grounds, organisation, releases)

__all__ = ["MODULES", "sharing"]
