"""Which guard stands before which blueprint; whatever has none is closed.

A guard returns nothing and raises to refuse. `init_app` takes them by blueprint name: an unlisted
blueprint answers 403, an unknown address 404. A view outside any blueprint is listed by the name
of its endpoint.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, request

from auth import current
from auth.errors import StepRequiredError
from auth.rules import Role
from config.errors import ForbiddenError

Guard = Callable[[], None]


def init_app(app: Flask, guards: Mapping[str, Guard]) -> None:
    """Put each guard before its blueprint and close every other one."""
    listed = dict(guards)

    def stand() -> None:
        """Ask the guard of this request; an unknown address has none and stays a 404."""
        if request.endpoint is None:
            return
        guard = listed.get(request.blueprint or request.endpoint)
        if guard is None:
            raise ForbiddenError
        guard()

    app.before_request(stand)
    app.extensions["guards"] = listed


def everyone() -> None:
    """Let everybody in, also who is not signed in."""


def password_proven() -> None:
    """Let in whoever gave a right password, perhaps with steps of sign-in still to do."""
    current.require_session()


def signed_in() -> None:
    """Let in whoever is signed in completely; raises SignInRequiredError or StepRequiredError."""
    step = current.missing_step()
    if step is not None:
        raise StepRequiredError(step)


@dataclass(frozen=True, slots=True)
class HasRole:
    """Let in whoever is signed in and holds one of these roles today."""

    roles: frozenset[Role]

    def __call__(self) -> None:
        """Stand guard; raises ForbiddenError without such a role."""
        signed_in()
        if not current.has_any_role(*self.roles):
            raise ForbiddenError


def has_role(*roles: Role) -> HasRole:
    """Make a guard that lets in whoever holds one of these roles today, in any membership.

    Which membership counts for what is asked is decided further inside, never here.
    """
    return HasRole(frozenset(roles))
