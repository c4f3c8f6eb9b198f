"""What the rooms hang in the frame of every page: menu, buttons, account; filled by wsgi.py."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main menu.

    `label` is a message id; `shown` is asked on every page and must be cheap: no query.
    """

    endpoint: str
    label: str
    shown: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, as shown to that person alone.

    `detail` says in which organisation and function; `items` are the entries of the account
    menu; `sign_out` is the endpoint that takes the POST of the sign-out button.
    """

    name: str
    detail: str
    items: tuple[NavItem, ...]
    sign_out: str


class LogState(StrEnum):
    """What is known of the log, by the one drawing that stands for it on every page."""

    WHOLE = "success"
    UNSURE = "warning"
    BROKEN = "error"


@dataclass(frozen=True, slots=True)
class LogStatus:
    """What is known of the log, in one translated line, and the page that says more."""

    state: LogState
    text: str
    endpoint: str | None = None


def _nobody() -> None:
    """Give nothing: nobody is signed in."""


@dataclass(slots=True)
class Frame:
    """The places of the frame that the rooms fill; an empty place shows nothing.

    `capture` is the button that is always at hand. `search` takes a POST with one field `q`,
    so that no name ever stands in an address. The two functions are asked on every page.
    """

    home: str | None = None
    sign_in: str | None = None
    capture: NavItem | None = None
    search: NavItem | None = None
    account: Callable[[], Account | None] = _nobody
    log_status: Callable[[], LogStatus | None] = _nobody
