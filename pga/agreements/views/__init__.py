"""The pages of agreements: the matrix of a version, as its makers and its parties see it."""

from pga.agreements.views import cells, compare, editor
from pga.agreements.views.blueprint import agreements

# Importing a module registers its addresses.
MODULES = (cells, compare, editor)

__all__ = ["MODULES", "agreements"]
