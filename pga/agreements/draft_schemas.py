"""What crosses the wire while an agreement is drafted; unknown fields are refused."""

from marshmallow import Schema, fields, validate

from pga.agreements.cell_words import CONSULT, ON_CONSULT, ON_PROVIDE, PROVIDE

LONGEST_NAME = 200
LONGEST_VERSION = 20
LONGEST_REASON = 2000
HASH_HEX = 64


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
