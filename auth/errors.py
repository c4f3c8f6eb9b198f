"""The named errors of auth."""

from config.errors import ApplicationError, InvalidInputError


class SignInRefusedError(ApplicationError):
    """Sign-in failed; the answer never tells which part was wrong."""

    status = 422
    code = "sign-in-refused"
    message = "E-mail address or password is not right, or this account cannot be used now."


class SignInThrottledError(ApplicationError):
    """Too many attempts failed in a row; the next one has to wait."""

    status = 429
    code = "sign-in-throttled"
    message = "Too many attempts failed. Try again in %(minutes)s minutes."


class CodeRefusedError(ApplicationError):
    """The code of the second factor is wrong, too old or was used before."""

    status = 422
    code = "code-refused"
    message = "This code is not right or was used before. Wait for the next code in your app."


class StepRequiredError(ApplicationError):
    """The password was right, but sign-in is not finished; `step` says what is missing."""

    status = 401
    code = "sign-in-step-required"
    message = "Finish signing in first."

    def __init__(self, step: str) -> None:
        """Keep the missing step."""
        self.step = step
        super().__init__()


class OutsideReachError(ApplicationError):
    """The administrator's own roles do not reach this account or role."""

    status = 403
    code = "outside-reach"
    message = "Your roles do not reach this account or role."


class OwnAccountError(ApplicationError):
    """Nobody changes their own roles or blocks themselves."""

    status = 403
    code = "own-account"
    message = "You cannot change your own roles. Ask another administrator."


class ForeignPostError(ApplicationError):
    """Another site sent this form."""

    status = 403
    code = "foreign-post"
    message = "This form was sent from another site. Nothing was changed."


class WeakPasswordError(InvalidInputError):
    """A new password is too easy to guess."""

    code = "weak-password"

    def __init__(self, message: str) -> None:
        """Keep the reason beside the field of the new password."""
        super().__init__({"new": [message]})


class NameInUseError(InvalidInputError):
    """There is an account with this sign-in name already."""

    code = "name-in-use"

    def __init__(self) -> None:
        """Put the reason beside the field of the sign-in name."""
        super().__init__(
            {"sign_in_name": ["There is an account with this e-mail address already."]}
        )
