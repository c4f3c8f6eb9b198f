"""What crosses the wire when something is destroyed or must stay; it holds no name."""

from marshmallow import Schema, fields, validate

from pga.policy.codes import Category

SENTENCE = validate.Length(min=10, max=200, error="Say in a sentence why.")


class ReasonSchema(Schema):
    """Why a hold is placed or lifted, or a proposal withdrawn."""

    reason = fields.String(required=True, validate=SENTENCE)


WHOLE = "case"
"""What a form calls a case as a whole, beside its categories."""


class DestructionSchema(Schema):
    """What is to be destroyed, and on which term or decision that rests."""

    category = fields.String(
        required=True, validate=validate.OneOf([WHOLE, *(str(one) for one in Category)])
    )
    basis = fields.String(required=True, validate=SENTENCE)
