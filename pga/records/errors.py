"""What can go wrong with sealed records, each with what the caller may do about it."""

from collections.abc import Iterable

from config.errors import (
    ApplicationError,
    ConflictError,
    ForbiddenError,
    IntegrityFaultError,
    NotFoundError,
)
from config.ids import to_hex


class StaleDecisionError(ConflictError):
    """A decision was overtaken before its key was used; decide anew once, with a new entry."""

    code = "stale-decision"

    def __init__(self, case_ids: Iterable[bytes]) -> None:
        """Keep which cases moved."""
        self.case_ids = frozenset(case_ids)
        super().__init__()


class CaseFaultError(IntegrityFaultError):
    """Cases do not match the log or their keys; a list may leave them out and open the others."""

    def __init__(self, case_ids: Iterable[bytes], reason: str) -> None:
        """Keep which cases are faulty and which check noticed it."""
        self.case_ids = frozenset(case_ids)
        self.reason = reason
        super().__init__()

    def __str__(self) -> str:
        """Name the cases and the check, for the operator; no content."""
        return f"{self.reason}: {', '.join(sorted(map(to_hex, self.case_ids)))}"


class ItemFaultError(CaseFaultError):
    """An item of a case is not as it was written; what else the case holds is."""

    message = "This item does not match the log. It stays closed until it has been looked into."

    def __init__(self, case_ids: Iterable[bytes]) -> None:
        """Keep in which case it is."""
        super().__init__(case_ids, "item")


class ErasedError(NotFoundError):
    """The keys of the case were shredded on a destruction record: there is nothing left."""

    code = "erased"


class LegalHoldError(ConflictError):
    """A case under legal hold is not destroyed (AVG 17(3)(e))."""

    code = "legal-hold"
    message = "This case may not be destroyed now: there is a legal hold on it."


class TwoPeopleError(ForbiddenError):
    """Destruction needs two different people who approve it."""

    code = "two-people"
    message = "Two different people must approve the destruction."


class UnknownItemError(NotFoundError):
    """A change names an item that this case does not have."""

    code = "unknown-item"


class PendingChangesError(ApplicationError):
    """Something was changed in the session outside `then`, where a lost race would lose it."""

    code = "pending-changes"
