"""Forms of auth: what was posted, what is wrong with it, shown again by the macros of base.

The same surface as the forms of the rooms above, which auth does not know.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

TOKEN = "csrf_token"  # noqa: S105 - the name of a field


class Form:
    """A form as posted or as shown for the first time; errors are translated, by field."""

    def __init__(
        self,
        values: Mapping[str, str] | None = None,
        errors: Mapping[str, list[str]] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what was typed, what is wrong with it and what it means."""
        self.values = dict(values or {})
        self.errors = dict(errors or {})
        self.data = dict(data or {})
        self.labels: dict[str, str] = {}

    @property
    def is_valid(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.errors

    def value(self, name: str) -> str:
        """Give what was typed in one field."""
        return self.values.get(name, "")

    def labelled(self, name: str, label: str) -> list[str]:
        """Note by which words a field is known on the page; give its errors."""
        self.labels[name] = label
        return self.errors.get(name, [])

    def refused(self, errors: Mapping[str, Iterable[str]]) -> "Form":
        """Give this form with errors a service found, as message ids by field."""
        return Form(self.values, {name: _said(found) for name, found in errors.items()})


def blank(**values: str) -> Form:
    """Give a form to show for the first time."""
    return Form(values)


def read(schema: Schema, posted: MultiDict[str, str]) -> Form:
    """Load a posted form; an empty field is no value, an unknown field an error."""
    values = {name: text for name, text in posted.items() if name != TOKEN}
    try:
        data = schema.load({name: text for name, text in values.items() if text.strip()})
    except ValidationError as error:
        found = error.messages_dict
        return Form(values, {name: _said(texts) for name, texts in found.items()})
    return Form(values, data=data)


def _said(texts: Iterable[str]) -> list[str]:
    """Say message ids in the language of the page."""
    return [gettext(text) for text in texts]
