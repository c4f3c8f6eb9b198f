"""The pages of oversight: three questions, one line about the log, and the proof of an entry."""

from pga.oversight.views import (
    cases,
    copies,
    entries,
    extracts,
    finding,
    keeping,
    past,
    people,
    replay,
    report,
    review,
    start,
)
from pga.oversight.views.blueprint import oversight
from pga.oversight.views.status import log_status

# Importing a module registers its addresses.
MODULES = (
    *(cases, copies, entries, extracts, finding, keeping, past, people, replay, report),
    *(review, start),
)

__all__ = ["MODULES", "log_status", "oversight"]
