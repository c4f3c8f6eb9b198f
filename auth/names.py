"""How the product above calls what auth only knows by code: municipalities and partners."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import current_app


@dataclass(frozen=True, slots=True)
class Names:
    """How the product above calls what auth only knows by code.

    `municipalities` gives the name of a CBS code; `partner` the words for a partner code, in the
    language of the page. What is not known is shown as its code.
    """

    municipalities: Mapping[str, str] = field(default_factory=dict)
    partner: Callable[[str], str] = str

    def municipality(self, code: str) -> str:
        """Give the name of a municipality."""
        return self.municipalities.get(code, code)


def names() -> Names:
    """Give the names of the current app."""
    given: Names = current_app.extensions["auth_names"]
    return given
