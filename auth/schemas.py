"""What the forms of auth hold; every field is named here, any other is refused."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from auth.rules import Role

Messages = dict[str, str | list[Any] | dict[Any, Any]]
DAY: Messages = {"required": "Fill this in.", "invalid": "Fill in a date, such as 31-12-2026."}
EMPTY: Messages = {"required": "Fill this in.", "invalid": "Fill in one text."}
CHOOSE: Messages = {"required": "Choose from the list.", "invalid": "Choose from the list."}
LONGEST_PASSWORD = 1000


def _text(longest: int) -> fields.String:
    """Make a text field that must be filled in."""
    return fields.String(
        required=True,
        error_messages=EMPTY,
        validate=validate.Length(max=longest, error="This is too long."),
    )


def _choice(pattern: str) -> fields.String:
    """Make a field whose value comes from a list."""
    return fields.String(
        required=True,
        error_messages=CHOOSE,
        validate=validate.Regexp(pattern, error="Choose from the list."),
    )


class FormSchema(Schema):
    """What every form refuses: a field nobody asked for (mass assignment, ASVS 15.3.3)."""

    error_messages = {"unknown": "This field does not belong to the form."}  # noqa: RUF012


class SignInSchema(FormSchema):
    """Signing in; `next` is the address to go on to."""

    sign_in_name = _text(254)
    password = _text(LONGEST_PASSWORD)
    next = fields.String(load_default=None)


class CodeSchema(FormSchema):
    """A code of the second factor."""

    code = _text(20)


class EnrolmentSchema(FormSchema):
    """The first code of a new second factor; the password only to replace an older one."""

    code = _text(20)
    password = fields.String(load_default="")


class FirstPasswordSchema(FormSchema):
    """A password of one's own instead of a temporary one, typed twice."""

    new = _text(LONGEST_PASSWORD)
    again = _text(LONGEST_PASSWORD)

    @validates_schema
    def _same(self, data: dict[str, str], **_: object) -> None:
        """Refuse two passwords that differ: nobody sees what they typed."""
        if data["new"] != data["again"]:
            message = "This differs from the password above."
            raise ValidationError(message, "again")


class PasswordSchema(FirstPasswordSchema):
    """Another password, by whoever knows the present one."""

    present = _text(LONGEST_PASSWORD)


class LanguageSchema(FormSchema):
    """The language somebody reads in."""

    language = _choice(r"nl|en")


class RoleSchema(FormSchema):
    """A role to give."""

    organisation = _choice(r"[0-9a-f]{32}")
    municipality = _choice(r"\w{4,6}")
    partner = _choice(r"[A-Z]{2,4}")
    role = fields.Enum(
        Role,
        by_value=True,
        required=True,
        error_messages={"required": "Choose from the list.", "unknown": "Choose from the list."},
    )
    from_on = fields.Date(required=True, error_messages=DAY)
    until_on = fields.Date(load_default=None, error_messages=DAY)


class PersonSchema(RoleSchema):
    """A new account with its first role; `known` gives the role to an account that is there."""

    known = fields.Boolean(load_default=False)

    name = _text(120)
    sign_in_name = fields.Email(
        required=True,
        error_messages={
            "required": "Fill this in.",
            "invalid": "Fill in an e-mail address, such as name@example.nl.",
        },
        validate=validate.Length(max=254, error="This is too long."),
    )
