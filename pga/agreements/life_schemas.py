"""What crosses the wire while an agreement comes into force; unknown fields are refused."""

from marshmallow import Schema, fields, validate

from pga.agreements.rules import Capacity
from pga.agreements.service.life import DPIA_OUTCOMES

HEX_32 = validate.Regexp(r"[0-9a-f]{32}\Z")
HEX_64 = validate.Regexp(r"[0-9a-f]{64}\Z")
LINE = validate.Length(max=200)
NUMBER = validate.Length(max=100)
LONGEST_EDITION = 200_000
TEXT = validate.Length(max=4000)


class StepSchema(Schema):
    """What is filled in at a step; the step itself tells which of it is needed."""

    reference = fields.String(load_default="", validate=LINE)
    decided_on = fields.Date(load_default=None, allow_none=True)
    outcome = fields.String(load_default="", validate=validate.OneOf(("", *DPIA_OUTCOMES)))
    remark = fields.String(load_default="", validate=TEXT)
    last_day = fields.Date(load_default=None, allow_none=True)


class EditionSchema(Schema):
    """The text of an edition of the limits, and why; `confirm` after what it does was shown."""

    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_EDITION))
    reason = fields.String(load_default="", validate=TEXT)
    confirm = fields.Boolean(load_default=False)


class ApproveSchema(Schema):
    """The hash of the edition beside which an edition was seen that is approved."""

    against = fields.String(required=True, validate=HEX_64)


class ConfirmSchema(Schema):
    """The clauses a lawyer confirms, each by the hash of what was read."""

    clauses = fields.List(fields.String(validate=HEX_64), load_default=list)


class ObjectionSchema(Schema):
    """A clause a lawyer objects to, by the hash of what was read, and why."""

    clause = fields.String(required=True, validate=HEX_64)
    remark = fields.String(load_default="", validate=TEXT)


class PartySchema(Schema):
    """An organisation that is to sign, and as which kind of partner."""

    partner = fields.String(required=True, validate=validate.Regexp(r"[A-Z]{2,4}\Z"))
    organisation = fields.String(required=True, validate=HEX_32)


class SignSchema(Schema):
    """What somebody states when signing; `seen` is the hash of the text that was read."""

    seen = fields.String(required=True, validate=HEX_64)
    capacity = fields.String(required=True, validate=validate.OneOf([str(one) for one in Capacity]))
    function = fields.String(required=True, validate=LINE)
    mandate_number = fields.String(load_default="", validate=NUMBER)
    mandate_scope = fields.String(load_default="", validate=TEXT)
    mandate_on = fields.Date(load_default=None, allow_none=True)
    code = fields.String(load_default="", validate=validate.Length(max=20))
    password = fields.String(load_default="", validate=validate.Length(max=200))


class PaperSchema(SignSchema):
    """The same of a signature on paper: who signed it, and on which day."""

    name = fields.String(required=True, validate=LINE)
    signed_on = fields.Date(required=True)
