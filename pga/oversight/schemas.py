"""What crosses the wire in oversight; names and numbers of persons are only ever posted."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from audit.entries import Kind
from pga.oversight.rules import LookReason, Show

HEX = validate.Regexp(r"[0-9a-f]{32}")
REASON = validate.OneOf([str(reason) for reason in LookReason])


class NumberSchema(Schema):
    """A case number, and why the officer looks."""

    number = fields.String(required=True, validate=validate.Length(max=20))
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)


class PersonSchema(Schema):
    """A youth by surname with birth date, or by BSN, and why the officer looks."""

    surname = fields.String(load_default="", validate=validate.Length(max=400))
    born_on = fields.Date(load_default=None, allow_none=True)
    bsn = fields.String(load_default="", validate=validate.Length(max=12))
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)

    @validates_schema
    def _has_enough(self, data: dict[str, object], **options: object) -> None:
        """Ask for a BSN, or for a surname with its birth date: never a name alone."""
        _ = options
        if not data["bsn"] and not (data["surname"] and data["born_on"]):
            raise ValidationError({"surname": ["Fill in a surname with a birth date, or a BSN."]})


class IdentitySchema(Schema):
    """Why an officer must know the name."""

    reason = fields.String(required=True, validate=REASON)


class NarrowingSchema(Schema):
    """What a table and its copies are narrowed to."""

    show = fields.String(load_default="", validate=validate.OneOf([str(show) for show in Show]))
    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)
    organisation = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?"))
    rule = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))
    parts = fields.Boolean(load_default=False)
    place = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?"))


class FilterSchema(NarrowingSchema):
    """What the address of a table asks; it holds no name."""

    before = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)


class CopySchema(NarrowingSchema):
    """Which rows are copied out of the program, in which form, and why."""

    kind = fields.String(required=True, validate=validate.OneOf([Kind.EXPORTED, Kind.PRINTED]))
    reason = fields.String(required=True, validate=REASON)
