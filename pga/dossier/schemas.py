"""What crosses the wire in the case file; the same schema checks a form and JSON."""

from marshmallow import Schema, fields, validate

from pga.cases.models import InformDelay
from pga.cases.rules import CaseState, ParticipantTask
from pga.dossier.rules import CHOSEN_REASONS, FactType, Intervention
from pga.policy.codes import NeutralWording
from pga.sharing.rules import Answer, GuardianKind, ReleaseKind
from pga.sharing.schemas import LEVELS, SOURCES, WAYS

TITLE = validate.Length(max=160)
TEXT = validate.Length(max=8000)
SHORT = validate.Length(max=400)
HEX = validate.Regexp(r"[0-9a-f]{32}\Z")


class InterventionSchema(Schema):
    """An intervention as logged between two phone calls.

    `readers_of` is the case whose readers the page showed, so that nobody logs in another unseen.
    """

    case = fields.String(required=True, validate=HEX)
    what = fields.String(load_default="", validate=TITLE)
    library_code = fields.String(
        load_default="", validate=validate.OneOf(["", *map(str, (*Intervention, *NeutralWording))])
    )
    happened_on = fields.Date(required=True)
    text = fields.String(load_default="", validate=TEXT)
    readers_of = fields.String(load_default="", validate=validate.Length(max=32))
    draft = fields.String(load_default="")
    preview = fields.String(load_default="")


class ContributionSchema(Schema):
    """A contribution in one category, with the persons named for it."""

    category = fields.String(required=True, validate=validate.Length(max=8))
    title = fields.String(required=True, validate=TITLE)
    text = fields.String(load_default="", validate=TEXT)
    happened_on = fields.Date(load_default=None, allow_none=True)
    fact_type = fields.String(
        load_default=FactType.FACT, validate=validate.OneOf([str(kind) for kind in FactType])
    )
    recipients = fields.List(fields.String(validate=HEX), load_default=list)
    draft = fields.String(load_default="")
    preview = fields.String(load_default="")


class ActionSchema(Schema):
    """An action with one owner and a day."""

    title = fields.String(required=True, validate=TITLE)
    text = fields.String(load_default="", validate=TEXT)
    due_on = fields.Date(required=True)
    responsible = fields.String(required=True, validate=HEX)


class GoalSchema(Schema):
    """A goal, in the youth's own words where possible, or the youth's view of the plan."""

    kind = fields.String(required=True, validate=validate.OneOf(["goal", "youth_view"]))
    title = fields.String(required=True, validate=TITLE)
    own_words = fields.String(load_default="", validate=TEXT)
    text = fields.String(load_default="", validate=TEXT)


class CorrectionSchema(Schema):
    """A correction of an own item, based on the version that was shown."""

    title = fields.String(required=True, validate=TITLE)
    text = fields.String(load_default="", validate=TEXT)
    version = fields.Integer(required=True)


class HolderSchema(Schema):
    """Who holds authority over the youth, and what this one answered to a release."""

    name = fields.String(required=True, validate=validate.Length(max=120))
    kind = fields.String(
        load_default=GuardianKind.PARENTAL_AUTHORITY,
        validate=validate.OneOf([str(kind) for kind in GuardianKind]),
    )
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    checked_on = fields.Date(required=True)
    organisation = fields.String(load_default="", validate=validate.Length(max=32))
    answer = fields.String(required=True, validate=validate.OneOf([str(a) for a in Answer]))
    reason = fields.String(load_default="", validate=SHORT)


class SignalSchema(Schema):
    """A signal that starts a case, with the release that a provider bound by secrecy asked."""

    place = fields.String(required=True, validate=HEX)
    municipality = fields.String(required=True, validate=validate.Length(max=6))
    track = fields.String(required=True, validate=validate.OneOf(["youth", "money_mule"]))
    theme = fields.String(load_default="", validate=validate.OneOf(["", "radicalisation"]))
    first_name = fields.String(required=True, validate=SHORT)
    prefix = fields.String(load_default="", validate=validate.Length(max=20))
    surname = fields.String(required=True, validate=SHORT)
    born_on = fields.Date(required=True)
    bsn = fields.String(load_default="", validate=validate.Length(max=12))
    address = fields.String(load_default="", validate=SHORT)
    postcode = fields.String(load_default="", validate=validate.Length(max=8))
    city = fields.String(load_default="", validate=SHORT)
    reason = fields.String(required=True, validate=TEXT)
    goal = fields.String(required=True, validate=TEXT)
    tried = fields.String(required=True, validate=TEXT)
    urgency = fields.String(
        load_default="normal", validate=validate.OneOf(["normal", "soon", "now"])
    )
    known_partners = fields.String(load_default="", validate=SHORT)
    is_informed = fields.Boolean(load_default=False)
    why_not_informed = fields.String(load_default="", validate=SHORT)
    release_kind = fields.String(
        load_default="", validate=validate.OneOf(["", *(str(kind) for kind in ReleaseKind)])
    )
    youth_answer = fields.String(
        load_default="", validate=validate.OneOf(["", *(str(answer) for answer in Answer)])
    )
    youth_reason = fields.String(load_default="", validate=TEXT)
    holders = fields.List(fields.Nested(HolderSchema), load_default=list)
    conditions = fields.List(fields.String(), load_default=list)
    conflict = fields.String(load_default="", validate=TEXT)
    way = fields.String(load_default="spoken", validate=validate.OneOf(WAYS))
    language_level = fields.String(load_default="B1", validate=validate.OneOf(LEVELS))
    release_until = fields.Date(load_default=None, allow_none=True)
    anyway = fields.Boolean(load_default=False)


class StepSchema(Schema):
    """A step of a case; that to aftercare says who keeps contact, a membership in hex."""

    target = fields.String(
        required=True, validate=validate.OneOf([str(state) for state in CaseState])
    )
    reason = fields.String(
        load_default="", validate=validate.OneOf(["", *(str(reason) for reason in CHOSEN_REASONS)])
    )
    person = fields.String(load_default="", validate=validate.Regexp(r"([0-9a-f]{32})?"))
    until_on = fields.Date(load_default=None, allow_none=True)


class IdentitySchema(Schema):
    """Who the youth is, from the municipality's own register, with the persons named for it."""

    first_name = fields.String(required=True, validate=SHORT)
    prefix = fields.String(load_default="", validate=validate.Length(max=20))
    surname = fields.String(required=True, validate=SHORT)
    born_on = fields.Date(required=True)
    address = fields.String(load_default="", validate=SHORT)
    postcode = fields.String(load_default="", validate=validate.Length(max=8))
    city = fields.String(load_default="", validate=SHORT)
    recipients = fields.List(fields.String(validate=HEX), load_default=list)
    preview = fields.String(load_default="")


class BsnSchema(Schema):
    """The citizen service number, with the persons named for it."""

    bsn = fields.String(required=True, validate=validate.Length(max=12))
    recipients = fields.List(fields.String(validate=HEX), load_default=list)
    preview = fields.String(load_default="")


class InformedSchema(Schema):
    """The day the youth was informed."""

    informed_on = fields.Date(required=True)


class DelaySchema(Schema):
    """Why and until when informing is put off, and who approved it."""

    reason = fields.String(
        required=True, validate=validate.OneOf([str(reason) for reason in InformDelay])
    )
    until = fields.Date(required=True)
    approved_by = fields.String(required=True, validate=HEX)


class ParticipantSchema(Schema):
    """Whom to name in a case; `person` is a membership in hex."""

    person = fields.String(required=True, validate=HEX)
    task = fields.String(
        required=True, validate=validate.OneOf([str(task) for task in ParticipantTask])
    )
    purpose = fields.String(load_default="", validate=validate.Length(max=20))
    until_on = fields.Date(required=True)


class StandInSchema(Schema):
    """Who stands in for a participant until a day."""

    person = fields.String(required=True, validate=HEX)
    until_on = fields.Date(required=True)


class SearchSchema(Schema):
    """What is sought: a case number, or a surname with a birth date, or a BSN."""

    q = fields.String(load_default="", validate=SHORT)
    surname = fields.String(load_default="", validate=SHORT)
    first_name = fields.String(load_default="", validate=SHORT)
    born_on = fields.Date(load_default=None, allow_none=True)
    bsn = fields.String(load_default="", validate=validate.Length(max=12))
