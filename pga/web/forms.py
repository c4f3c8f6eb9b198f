"""Forms: what a browser posts becomes what JSON would hold, checked by the same schema.

A form never fails half: it gives the loaded data, or every error in the reader's language
beside everything that was typed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext
from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.exceptions import SCHEMA
from werkzeug.datastructures import MultiDict

Typed = str | list[str]
NOT_FOR_THE_SCHEMA = frozenset({"csrf_token"})


@dataclass(frozen=True, slots=True)
class Saying:
    """What marshmallow says, as a pattern, and the message id that says it to a person."""

    pattern: str
    message_id: str

    def values(self, message: str) -> dict[str, str] | None:
        """Give what the message fills in; nothing when it is another message."""
        found = re.fullmatch(self.pattern.removesuffix(".") + r"\.", message, re.DOTALL)
        return None if found is None else found.groupdict()


# The first that fits counts.
_SAYINGS = (
    Saying("Missing data for required field.", "Fill this in."),
    Saying("Field may not be null.", "Fill this in."),
    Saying("Unknown field.", "This field does not belong to the form."),
    Saying("Not a valid string.", "Fill in one text."),
    Saying("Not a valid integer.", "Fill in a whole number."),
    Saying("Not a valid number.", "Fill in a number."),
    Saying("Not a valid boolean.", "Choose yes or no."),
    Saying("Not a valid date.", "Fill in a date, such as 31-12-2026."),
    Saying("Not a valid (?:aware |naive )?datetime.", "Fill in a date and a time."),
    Saying("Not a valid time.", "Fill in a time, such as 14:30."),
    Saying("Not a valid email address.", "Fill in an e-mail address, such as name@example.nl."),
    Saying("Not a valid (?:UUID|list).", "Choose from the list."),
    Saying("Must be one of: .*", "Choose from the list."),
    Saying("One or more of the choices you made was not in: .*", "Choose from the list."),
    Saying("Shorter than minimum length (?P<min>.+)", "Use %(min)s or more characters."),
    Saying("Longer than maximum length (?P<max>.+)", "Use no more than %(max)s characters."),
    Saying(
        "Length must be between (?P<min>.+) and (?P<max>.+)", "Use %(min)s to %(max)s characters."
    ),
    Saying(
        "Must be greater than or equal to (?P<min>.+) and less than or equal to (?P<max>.+)",
        "Fill in a value from %(min)s to %(max)s.",
    ),
    Saying("Must be greater than or equal to (?P<min>.+)", "Fill in %(min)s or more."),
    Saying("Must be less than or equal to (?P<max>.+)", "Fill in %(max)s or less."),
    Saying("String does not match expected pattern.", "This is not written as expected."),
    Saying("Invalid (?:value|input|input type|type).", "This is not possible here."),
)
_OF_A_LIST = (
    Saying("Missing data for required field.", "Make a choice."),
    Saying("Shorter than minimum length (?P<min>.+)", "Choose %(min)s or more."),
    Saying("Longer than maximum length (?P<max>.+)", "Choose no more than %(max)s."),
    *_SAYINGS,
)


class Form:
    """A form as posted or as shown for the first time.

    `data` holds what the schema loaded and is empty when the form is refused. `values` holds
    everything typed, `errors` the translated errors, both by field name; a field of a list of
    parts is named `holders.0.source`. Errors of the whole form stand under the empty name.
    """

    def __init__(
        self,
        values: Mapping[str, Typed] | None = None,
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
        typed = self.values.get(name, "")
        return typed if isinstance(typed, str) else (typed[-1] if typed else "")

    def chosen(self, name: str) -> list[str]:
        """Give everything chosen in a field of several choices."""
        typed = self.values.get(name, [])
        return [typed] if isinstance(typed, str) else typed

    def labelled(self, name: str, label: str) -> list[str]:
        """Note by which words a field is known on the page; give its errors."""
        self.labels[name] = label
        return self.errors.get(name, [])

    def refused(self, errors: Mapping[str, Iterable[str]]) -> "Form":
        """Give this form with errors a service found, as message ids by field name."""
        added = {name: [gettext(one) for one in ids] for name, ids in errors.items()}
        return Form(self.values, {**self.errors, **added})


def blank(**values: Typed) -> Form:
    """Give a form to show for the first time, perhaps with some fields filled in."""
    return Form(values)


def read(schema: Schema, posted: MultiDict[str, str]) -> Form:
    """Load a posted form by the schema that also loads JSON; unknown fields are errors."""
    posted = _storable(posted)
    values = _typed(posted)
    payload, renumbered = _as_json(schema, posted)
    try:
        data = schema.load(payload, unknown=RAISE)
    except ValidationError as error:
        found = _flat(error.messages_dict, renumbered)
        lists = {name for name, one in schema.load_fields.items() if isinstance(one, fields.List)}
        said = {
            name: [_said(one, _OF_A_LIST if name in lists else _SAYINGS) for one in messages]
            for name, messages in found.items()
        }
        return Form(values, said)
    return Form(values, data=data)


def draft_saved(at: datetime) -> str:
    """Answer the page that keeps a draft while one types; see `draft_line` of the macros."""
    say = get_template_attribute("macros/forms.html", "draft_saved")
    return str(say(at))


def _storable(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """Leave out the character 0: nobody types it, and PostgreSQL keeps no text that holds it."""
    return MultiDict(
        (name, text.replace("\0", ""))
        for name, text in posted.items(multi=True)
        if "\0" not in name
    )


def _typed(posted: MultiDict[str, str]) -> dict[str, Typed]:
    """Keep everything typed, to show it again."""
    return {
        name: texts[0] if len(texts) == 1 else texts
        for name, texts in posted.to_dict(flat=False).items()
        if name not in NOT_FOR_THE_SCHEMA
    }


def _as_json(
    schema: Schema, posted: MultiDict[str, str]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Turn a form into what JSON would hold, and remember the numbers of repeated parts.

    A browser numbers the rows it shows, also the ones left empty; JSON would hold only the
    filled ones. The numbers are kept, so an error is shown at the row it is about.
    """
    shapes = {field.data_key or name: field for name, field in schema.load_fields.items()}
    inner_schemas = {
        name: part_schema
        for name, field in shapes.items()
        if (part_schema := _parts_schema(field)) is not None
    }
    payload: dict[str, Any] = {}
    parts: dict[str, dict[str, MultiDict[str, str]]] = {}
    for name, texts in posted.to_dict(flat=False).items():
        head, _, rest = name.partition(".")
        number, _, inner = rest.partition(".")
        if inner and number.isdigit() and head in inner_schemas:
            part = parts.setdefault(head, {}).setdefault(number, MultiDict())
            part.setlist(inner, texts)
        elif name not in NOT_FOR_THE_SCHEMA:
            _put(payload, name, shapes.get(name), texts)
    renumbered: dict[str, list[str]] = {}
    for head, rows in parts.items():
        loaded = {number: _as_json(inner_schemas[head], row)[0] for number, row in rows.items()}
        filled = {number: row for number, row in loaded.items() if _is_filled(row)}
        renumbered[head] = list(filled)
        payload[head] = list(filled.values())
    return payload, renumbered


def _put(
    payload: dict[str, Any], name: str, field: fields.Field[Any] | None, texts: list[str]
) -> None:
    """Put one field into the payload as JSON would hold it; an empty text is no value."""
    filled = [text.replace("\r\n", "\n") for text in texts if text.strip()]
    if isinstance(field, fields.List):
        payload[name] = filled
    elif filled:
        # A checkbox comes after a hidden "false" of the same name, so the last one counts.
        is_single = len(texts) == 1 or isinstance(field, fields.Boolean)
        payload[name] = filled[-1] if is_single else filled
    elif field is not None and field.allow_none:
        payload[name] = None


def _is_filled(row: Mapping[str, Any]) -> bool:
    """Tell whether anybody filled in anything in a row; an unticked box is nothing."""
    return any(value not in (None, [], "false") for value in row.values())


def _parts_schema(field: fields.Field[Any]) -> Schema | None:
    """Give the schema of the parts when a field is a list of parts."""
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return field.inner.schema
    if isinstance(field, fields.Nested) and field.many:
        return field.schema
    return None


def _flat(errors: Mapping[Any, Any], renumbered: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Name every error by the field it stands beside; the same error is said once."""
    flat: dict[str, list[str]] = {}
    for name, found in errors.items():
        for path, messages in _walk(str(name), found, renumbered.get(str(name), [])):
            flat.setdefault("" if path == SCHEMA else path, []).extend(messages)
    return {name: list(dict.fromkeys(messages)) for name, messages in flat.items()}


def _walk(path: str, found: object, numbers: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Give the errors under a name, part by part.

    Errors of the items of a plain list belong to the list; those of a list of parts stand in
    the row the browser numbered.
    """
    if not isinstance(found, Mapping):
        yield path, [str(one) for one in found] if isinstance(found, list) else [str(found)]
        return
    for key, inner in found.items():
        below = str(numbers[key]) if isinstance(key, int) and numbers else key
        belongs_here = key == SCHEMA or isinstance(below, int)
        yield from _walk(path if belongs_here else f"{path}.{below}", inner, [])


def _said(message: str, sayings: tuple[Saying, ...]) -> str:
    """Say an error of a schema in the language of the page."""
    for saying in sayings:
        values = saying.values(message)
        if values is not None:
            return str(gettext(saying.message_id, **values))
    return str(gettext(message))
