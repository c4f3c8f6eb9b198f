"""What crosses the wire in oversight; names and numbers of persons are only ever posted."""

from datetime import date

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from audit.entries import Kind
from pga.oversight.extracts import Applicant, Ruling
from pga.oversight.patterns import Limit, Pattern
from pga.oversight.rules import LookReason, ReviewOutcome, Show
from pga.policy.codes import Category, Purpose

HEX = validate.Regexp(r"[0-9a-f]{32}\Z")
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


class PastSchema(Schema):
    """Which proposed version to run over which past days, and why the log is used for it."""

    version = fields.String(required=True, validate=HEX)
    since = fields.Date(required=True)
    until = fields.Date(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=3, max=200))

    @validates_schema
    def _is_in_order(self, data: dict[str, date], **options: object) -> None:
        """Ask for a first day that does not lie behind the last."""
        _ = options
        if data["since"] > data["until"]:
            raise ValidationError({"until": ["Choose the same day or a later one."]})


class IdentitySchema(Schema):
    """Why an officer must know the name."""

    reason = fields.String(required=True, validate=REASON)


class NarrowingSchema(Schema):
    """What a table and its copies are narrowed to."""

    show = fields.String(load_default="", validate=validate.OneOf([str(show) for show in Show]))
    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)
    organisation = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))
    place = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))


class FilterSchema(NarrowingSchema):
    """What the address of a table asks; it holds no name."""

    rule = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))
    parts = fields.Boolean(load_default=False)
    before = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)


class SearchSchema(NarrowingSchema):
    """What to look for in all of the log; a case by its number, a person of the own staff by id."""

    number = fields.String(load_default="", validate=validate.Length(max=20))
    person = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *map(str, Kind)]))
    category = fields.String(load_default="", validate=validate.OneOf(["", *map(str, Category)]))
    purpose = fields.String(load_default="", validate=validate.OneOf(["", *map(str, Purpose)]))
    before = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)


class DisclosuresSchema(Schema):
    """Over which days disclosures are counted; a giver is an organisation or a kind of partner."""

    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)
    giver = fields.String(load_default="", validate=validate.Regexp(r"[0-9A-Za-z]{0,32}\Z"))
    taker = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))
    place = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)


class CopySchema(NarrowingSchema):
    """Which rows are copied out of the program, in which form, and why."""

    kind = fields.String(required=True, validate=validate.OneOf([Kind.EXPORTED, Kind.PRINTED]))
    reason = fields.String(required=True, validate=REASON)


class CloseSchema(Schema):
    """How an access was judged, and why."""

    outcome = fields.String(required=True, validate=validate.OneOf(list(map(str, ReviewOutcome))))
    remark = fields.String(
        required=True,
        validate=validate.Length(min=3, max=2000, error="Say in a sentence why."),
    )


class LimitSchema(Schema):
    """Another value for a limit, and why."""

    name = fields.String(required=True, validate=validate.OneOf(list(map(str, Limit))))
    value = fields.Integer(required=True, validate=validate.Range(min=1, max=1000))
    reason = fields.String(
        required=True, validate=validate.Length(min=3, max=500, error="Say in a sentence why.")
    )


class ConsentSchema(Schema):
    """The consent of a works council."""

    consented_on = fields.Date(required=True)
    reference = fields.String(
        required=True, validate=validate.Length(min=3, max=200, error="Name the decision.")
    )


class WorkListSchema(Schema):
    """Of which check what waits is shown; empty for all."""

    check = fields.String(load_default="", validate=validate.OneOf(["", *map(str, Pattern)]))
    place = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))


class MonthSchema(Schema):
    """A month, as in 2026-11; empty for the month before this one."""

    month = fields.String(
        load_default="", validate=validate.Regexp(r"(?:20[0-9]{2}-(?:0[1-9]|1[0-2]))?\Z")
    )
    place = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))


class ReplaySchema(Schema):
    """Which partner is replayed, on which day, and why."""

    organisation = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{32})?\Z"))
    day = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(load_default=LookReason.ROUTINE, validate=REASON)


class ExtractSchema(Schema):
    """Who asked for an extract and when, and over which days."""

    asked_by = fields.String(required=True, validate=validate.OneOf(list(map(str, Applicant))))
    asked_on = fields.Date(required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True)

    @validates_schema
    def _is_in_order(self, data: dict[str, date], **options: object) -> None:
        """Ask for a first day that does not lie behind the last."""
        _ = options
        if data["since"] > data["until"]:
            raise ValidationError({"until": ["Choose the same day or a later one."]})


class RulingSchema(Schema):
    """What is decided on one line; empty for not yet."""

    id = fields.String(required=True, validate=HEX)
    ruling = fields.String(load_default="", validate=validate.OneOf(["", *map(str, Ruling)]))


class RulingsSchema(Schema):
    """What is decided on the lines of an extract, and whether it is released with that."""

    lines = fields.List(fields.Nested(RulingSchema), load_default=list)
    step = fields.String(load_default="save", validate=validate.OneOf(["save", "release"]))
