"""The pages of agreements: the matrix of a version, as its makers and its parties see it."""

from pga.agreements.views import (
    cells,
    clauses,
    compare,
    editor,
    examples,
    files,
    following,
    history,
    life,
    limits,
    openness,
    overview,
    printed,
    signing,
    starting,
    terms,
    who_may,
)
from pga.agreements.views.blueprint import agreements
from pga.agreements.views.public import public

# Importing a module registers its addresses.
MODULES = (
    *(cells, clauses, compare, editor, files, following, history, starting, terms),
    *(examples, life, limits, openness, overview, printed, signing, who_may),
)

__all__ = ["MODULES", "agreements", "public"]
