"""What an agreement refuses when somebody drafts it, as sentences to show."""

from collections.abc import Iterable

from config.errors import ApplicationError
from pga.policy.nodes import Problem


class EditError(ApplicationError):
    """A change cannot be made, so nothing changed.

    `problems` are the faults of notation in what was typed, when that is why.
    """

    status = 422
    code = "edit"
    message = "This cannot stand in an agreement."

    def __init__(
        self, message: str | None = None, *, problems: Iterable[Problem] = (), **values: str
    ) -> None:
        """Keep the message id with its values, and the faults."""
        self.problems = tuple(problems)
        super().__init__(message, **values)


class OwnModelError(EditError):
    """An agreement would be derived from itself."""

    message = "Give the agreement another name or version than its model has."


class UnknownPlaceError(EditError):
    """A text names no place of an agreement."""

    message = "There is no such place in an agreement."


class UnknownTrackError(EditError):
    """A change is about a track that the agreement does not cover."""

    message = "This track is not in the agreement."


class UnknownPurposeError(EditError):
    """A change is about a purpose that the agreement does not have."""

    message = "This purpose is not in the agreement."


class UnknownClauseError(EditError):
    """A change is about a clause that the agreement does not have."""

    message = "This clause is not in the agreement."


class NotationError(EditError):
    """What was typed is not in the notation of an agreement; `problems` say what."""

    message = "This is not written as it should be in an agreement."


class OtherPlaceError(EditError):
    """An entry is put at the place of another one."""

    message = "This entry has another name than the place where it is put."


class MissingPartError(EditError):
    """What every agreement needs would be left out."""

    message = "An agreement cannot do without this part."


class ClauseNameTakenError(EditError):
    """Two clauses would have one id."""

    message = "Another clause already has the name %(clause)s."


class CategoryTakenError(EditError):
    """Two clauses of one partner would speak on one category."""

    message = "The clause %(clause)s already speaks on %(category)s."


class SplitError(EditError):
    """A clause is split at categories that are none of it, or all of it."""

    message = "Choose some of the categories of this clause, and not all of them."


class MovedTextError(EditError):
    """A lawyer confirms what has changed since it was read."""

    message = "What you confirm has changed in the meantime. Read it again first."


class PeriodError(EditError):
    """An agreement would end before it begins."""

    message = "The last day lies before the first day."
