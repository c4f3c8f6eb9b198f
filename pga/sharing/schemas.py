"""What crosses the wire in sharing; the same schema checks a form and JSON."""

from marshmallow import Schema, fields, validate

from pga.sharing.rules import ARTICLES_OF, Answer, GuardianKind, ReleaseKind

HEX = validate.Regexp(r"[0-9a-f]{32}\Z")
WAYS = ("spoken", "written", "digital")
LEVELS = ("B1", "A2")
SOURCES = ("brp", "court_order", "register")
TEXT = validate.Length(max=2000)
ANSWERS = ("", *(str(answer) for answer in Answer))


class GuardianAnswerSchema(Schema):
    """What one holder of authority answered, and why when the answer was replaced."""

    guardian = fields.String(required=True, validate=HEX)
    answer = fields.String(load_default="", validate=validate.OneOf(ANSWERS))
    reason = fields.String(load_default="", validate=TEXT)


class ReleaseSchema(Schema):
    """A secrecy release; `provider` is an organisation and its partner code."""

    kind = fields.String(
        load_default=ReleaseKind.CONSENT,
        validate=validate.OneOf([str(kind) for kind in ReleaseKind]),
    )
    provider = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{32}/[A-Z]{2,4}\Z"))
    categories = fields.List(fields.String(), required=True)
    recipients = fields.List(fields.String(validate=HEX), required=True)
    valid_until = fields.Date(required=True)
    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    language_level = fields.String(load_default="B1", validate=validate.OneOf(LEVELS))
    youth = fields.String(load_default="", validate=validate.OneOf(ANSWERS))
    youth_reason = fields.String(load_default="", validate=TEXT)
    guardians = fields.List(fields.Nested(GuardianAnswerSchema), load_default=list)
    conflict = fields.String(load_default="", validate=TEXT)
    conditions = fields.List(fields.String(), load_default=list)


class GuardianSchema(Schema):
    """A holder of parental authority or guardian."""

    kind = fields.String(
        required=True, validate=validate.OneOf([str(kind) for kind in GuardianKind])
    )
    name = fields.String(required=True, validate=validate.Length(max=120))
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    checked_on = fields.Date(required=True)
    organisation = fields.String(load_default="", validate=validate.Length(max=32))
    is_disputed = fields.Boolean(load_default=False)


class ConsentSchema(Schema):
    """Consent to voluntary help or taking part."""

    provider = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{32}/[A-Z]{2,4}\Z"))
    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    valid_until = fields.Date(required=True)


class NoteSchema(Schema):
    """A weighing note: a category, its recipients and four answers."""

    category = fields.String(required=True, validate=validate.Length(max=8))
    recipients = fields.List(fields.String(validate=HEX), required=True)
    why_needed = fields.String(required=True, validate=TEXT)
    why_proportionate = fields.String(required=True, validate=TEXT)
    less_intrusive = fields.String(required=True, validate=TEXT)
    interest_of_child = fields.String(required=True, validate=TEXT)
    review_on = fields.Date(required=True)


class DecisionSchema(Schema):
    """A disclosure decision of police, prosecution or custody."""

    article = fields.String(
        required=True,
        validate=validate.OneOf(sorted({a for found in ARTICLES_OF.values() for a in found})),
    )
    number = fields.String(required=True, validate=validate.Length(max=60))
    purposes = fields.List(fields.String(), required=True)
    categories = fields.List(fields.String(), required=True)
    recipients = fields.List(fields.String(validate=HEX), required=True)
    conditions = fields.String(load_default="", validate=validate.Length(max=500))
    authority = fields.String(required=True, validate=validate.Length(max=200))
    valid_until = fields.Date(required=True)
    is_structural = fields.Boolean(load_default=False)
