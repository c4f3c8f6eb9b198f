"""Every named error, under one root; this file knows no HTTP library.

A message is an English message id with named values, translated where it is rendered.
"""

from collections.abc import Mapping


class ApplicationError(Exception):
    """Something a user or a calling program must be told, with its HTTP status and code."""

    status = 500
    code = "application-error"
    message = "Something went wrong. Nothing was changed."

    def __init__(self, message: str | None = None, **values: str | int) -> None:
        """Keep the message id and the values to fill in."""
        self.text = message or self.message
        self.values: Mapping[str, str | int] = values
        super().__init__(self.text)


class SettingsError(ApplicationError):
    """The settings are incomplete or unsafe, so nothing starts."""

    code = "settings"


class NotFoundError(ApplicationError):
    """There is nothing here that this person may know of."""

    status = 404
    code = "not-found"
    message = "We cannot find this page."


class SignInRequiredError(ApplicationError):
    """The page needs a signed-in person."""

    status = 401
    code = "sign-in-required"
    message = "Sign in first."


class ForbiddenError(ApplicationError):
    """The signed-in person may know of this, but may not do it."""

    status = 403
    code = "forbidden"
    message = "You are not allowed to do this."


class ConflictError(ApplicationError):
    """Somebody else changed the same thing in the meantime."""

    status = 409
    code = "conflict"
    message = "Somebody else changed this in the meantime. Look at it again and repeat your change."


class InvalidInputError(ApplicationError):
    """What was filled in cannot be accepted; `fields` names each field and why."""

    status = 422
    code = "invalid-input"
    message = "Not everything is filled in as needed."

    def __init__(self, fields: Mapping[str, list[str]], message: str | None = None) -> None:
        """Keep the message ids per field."""
        self.fields = fields
        super().__init__(message)


class TooManyRefusalsError(ApplicationError):
    """A person was refused too often in a short time."""

    status = 429
    code = "too-many-refusals"
    message = "You were refused too often in a short time. Wait a while and try again."


class StoreUnavailableError(ApplicationError):
    """A store cannot be reached or written, so nothing is shown."""

    status = 503
    code = "store-unavailable"
    message = "Nothing is shown, because the log cannot be written now."


class IntegrityFaultError(ApplicationError):
    """A record does not match the log, so nothing of the case is shown."""

    status = 503
    code = "integrity-fault"
    message = "This case does not match the log. Nothing is shown until it has been looked into."
