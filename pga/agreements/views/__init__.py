"""The pages of agreements: the matrix of a version, as its makers and its parties see it."""

from pga.agreements.views import cells, clauses, compare, editor, files, history, starting
from pga.agreements.views.blueprint import agreements

# Importing a module registers its addresses.
MODULES = (cells, clauses, compare, editor, files, history, starting)

__all__ = ["MODULES", "agreements"]
