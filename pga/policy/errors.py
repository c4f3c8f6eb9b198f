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
