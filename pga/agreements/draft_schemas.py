"""What crosses the wire while an agreement is drafted; unknown fields are refused."""

from collections.abc import Callable

from marshmallow import Schema, ValidationError, fields, validate

from pga.agreements.cell_words import CONSULT, ON_CONSULT, ON_PROVIDE, PROVIDE
from pga.policy.codes import (
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.document.clauses import LONGEST_ID
from pga.policy.laws import Obligation, WayOut, read_basis, read_exception

LONGEST_NAME = 200
LONGEST_VERSION = 20
LONGEST_REASON = 2000
LONGEST_TEXT = 8000
HASH_HEX = 64


def is_basis(text: str) -> None:
    """Refuse what is no legal basis in its notation."""
    _readable(read_basis, text)


def _is_exception(text: str) -> None:
    """Refuse what is no exception in its notation."""
    _readable(read_exception, text)


def _readable(read: Callable[[str], object], text: str) -> None:
    """Refuse a text that cannot be read; none is no text."""
    try:
        if text:
            read(text)
    except ValueError:
        message = "Choose from the list."
        raise ValidationError(message) from None


class CellSchema(Schema):
    """A cell as somebody puts it together; `take` is a proposal taken over as it is.

    `seen` is the mark of what stood there when the form was shown.
    """

    provide = fields.String(required=True, validate=validate.OneOf(list(PROVIDE)))
    asked = fields.List(fields.String(validate=validate.OneOf(list(ON_PROVIDE))), load_default=list)
    consult = fields.String(required=True, validate=validate.OneOf(list(CONSULT)))
    needed = fields.List(
        fields.String(validate=validate.OneOf(list(ON_CONSULT))), load_default=list
    )
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    comment = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))
    take = fields.String(load_default="", validate=validate.Length(max=LONGEST_VERSION))
    look = fields.Boolean(load_default=False)


class ClauseSchema(Schema):
    """A clause as somebody writes it; `clause` is its id, `new_id` that of a new one."""

    clause = fields.String(load_default="", validate=validate.Length(max=LONGEST_ID))
    new_id = fields.String(load_default="", validate=validate.Length(max=LONGEST_ID))
    categories = fields.List(
        fields.String(validate=validate.OneOf(list(Category))),
        required=True,
        validate=validate.Length(min=1),
    )
    text = fields.String(required=True, validate=validate.Length(max=LONGEST_TEXT))
    articles = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    basis = fields.String(load_default="", validate=is_basis)
    exception = fields.String(load_default="", validate=_is_exception)
    secrecy = fields.String(required=True, validate=validate.OneOf(list(WayOut)))
    obligations = fields.List(
        fields.String(validate=validate.OneOf(list(Obligation))), load_default=list
    )
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))


class SplitSchema(Schema):
    """Which categories of a clause get a clause of their own, and what that is called."""

    clause = fields.String(required=True, validate=validate.Length(max=LONGEST_ID))
    new_id = fields.String(required=True, validate=validate.Length(max=LONGEST_ID))
    categories = fields.List(
        fields.String(validate=validate.OneOf(list(Category))),
        required=True,
        validate=validate.Length(min=1),
    )
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))


class RemoveSchema(Schema):
    """Which entry is taken out of a draft, and what stood there when that was asked."""

    clause = fields.String(required=True, validate=validate.Length(max=LONGEST_ID))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))


class AdoptSchema(Schema):
    """Which place is adopted from the model, and what stood there when that was asked."""

    place = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))
    seen = fields.String(required=True, validate=validate.Length(max=HASH_HEX))


class ExampleSchema(Schema):
    """An example as somebody writes it; `question` is what it asked before, empty for a new one.

    Without `text` the sentence is made of what was chosen.
    """

    track = fields.String(required=True, validate=validate.OneOf(list(Track)))
    question = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))
    action = fields.String(
        required=True, validate=validate.OneOf([PolicyAction.CONSULT, PolicyAction.PROVIDE])
    )
    consumer = fields.String(required=True, validate=validate.OneOf(list(Partner)))
    category = fields.String(required=True, validate=validate.OneOf(list(Category)))
    provider = fields.String(required=True, validate=validate.OneOf(list(Partner)))
    phase = fields.String(required=True, validate=validate.OneOf(list(Phase)))
    purpose = fields.String(load_default="", validate=validate.OneOf(list(Purpose)))
    conditions = fields.List(
        fields.String(validate=validate.OneOf(list(Condition))), load_default=list
    )
    may = fields.Boolean(required=True)
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class WithdrawSchema(Schema):
    """Which example is withdrawn, and what stood there when that was asked."""

    track = fields.String(required=True, validate=validate.OneOf(list(Track)))
    question = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))


class NewVersionSchema(Schema):
    """What a new draft is called and when it is to hold."""

    name = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))
    version = fields.String(required=True, validate=validate.Length(max=LONGEST_VERSION))
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    evaluation = fields.Date(required=True)


class DeriveSchema(NewVersionSchema):
    """The same, and for which municipality and from which model."""

    municipality = fields.String(required=True, validate=validate.Length(equal=6))
    model = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


class FileSchema(Schema):
    """A whole text that is to take the place of a draft; `seen` is the hash of what it replaces."""

    text = fields.String(load_default="")
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    seen = fields.String(load_default="", validate=validate.Length(max=HASH_HEX))
    confirm = fields.Boolean(load_default=False)
