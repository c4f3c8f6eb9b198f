"""The pages of the case file; each view parses, calls and answers."""

from pga.dossier.views import cases  # noqa: F401  - registers its addresses
from pga.dossier.views.blueprint import dossier

__all__ = ["dossier"]
