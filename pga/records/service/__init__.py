"""What other rooms do with sealed records: write a case, open items, keep drafts, seek a youth."""

from pga.records.identity import Identity
from pga.records.service.changes import Change, Create, Facts, Revise, SetFacts, SetStatus
from pga.records.service.opening import Content, Opening, open_earlier, open_items
from pga.records.service.writing import Written, start_case, write

__all__ = [
    "Change",
    "Content",
    "Create",
    "Facts",
    "Identity",
    "Opening",
    "Revise",
    "SetFacts",
    "SetStatus",
    "Written",
    "open_earlier",
    "open_items",
    "start_case",
    "write",
]
