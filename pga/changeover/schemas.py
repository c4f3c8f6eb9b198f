"""What crosses the wire in the changeover."""

from marshmallow import Schema, fields, validate

from pga.changeover.rules import StayReason

LONGEST = 2000


class MoveSchema(Schema):
    """Why living cases go over, and from which day; `source` is the version they leave."""

    source = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))
    reason = fields.String(required=True, validate=validate.Length(max=LONGEST))
    from_on = fields.Date(required=True)


class StaySchema(Schema):
    """At which decision a case stays, and why."""

    move = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))
    reason = fields.String(
        required=True, validate=validate.OneOf([str(reason) for reason in StayReason])
    )


class GoSchema(Schema):
    """At which decision a case that stayed goes over after all."""

    move = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


class NoticeSchema(Schema):
    """On which written notice a party leaves."""

    notice_on = fields.Date(required=True)
    reference = fields.String(required=True, validate=validate.Length(max=200))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST))
