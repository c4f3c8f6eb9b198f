"""What other rooms do with sealed records: write a case, open items, keep drafts, seek a youth."""

from pga.records.identity import Identity
from pga.records.service.changes import Change, Create, Facts, Revise, SetFacts, SetStatus
from pga.records.service.drafts import (
    delete_draft,
    delete_drafts,
    drafts_of,
    open_draft,
    purge_drafts,
    save_draft,
)
from pga.records.service.opening import Content, Opened, Opening, open_earlier, open_items
from pga.records.service.writing import Written, start_case, write
from pga.records.skeleton import Seen

__all__ = [
    "Change",
    "Content",
    "Create",
    "Facts",
    "Identity",
    "Opened",
    "Opening",
    "Revise",
    "Seen",
    "SetFacts",
    "SetStatus",
    "Written",
    "delete_draft",
    "delete_drafts",
    "drafts_of",
    "open_draft",
    "open_earlier",
    "open_items",
    "purge_drafts",
    "save_draft",
    "start_case",
    "write",
]
