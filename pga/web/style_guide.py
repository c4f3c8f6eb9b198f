"""The style guide: every macro in every state, in Dutch, to look at and to test against.

It exists in the demo and in tests only, and shows made-up words, never a record.
"""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from config.errors import ApplicationError, StoreUnavailableError, TooManyRefusalsError
from pga.web import forms

PAGES = {"parts", "case", "work", "forms", "tables"}
ERRORS: dict[int, ApplicationError] = {
    **{status: ApplicationError() for status in (400, 403, 404, 409, 422, 500)},
    429: TooManyRefusalsError(),
    503: StoreUnavailableError(),
}
KINDS = ("gesprek", "huisbezoek", "traject")


class SpecimenSchema(Schema):
    """A form with every kind of field."""

    route = fields.String(required=True, validate=validate.OneOf(["release", "consent"]))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    what = fields.String(required=True, validate=validate.Length(max=120))
    when = fields.Date(required=True)
    how_it_went = fields.String(required=True, validate=validate.Length(min=10))
    topics = fields.List(fields.String(), validate=validate.Length(min=1), required=True)
    is_urgent = fields.Boolean(load_default=False)
    note = fields.String()


def add_to(blueprint: Blueprint) -> None:
    """Hang the pages of the style guide in a blueprint."""
    blueprint.add_url_rule("/style-guide", "style_guide", _show)
    blueprint.add_url_rule("/style-guide/<name>", "style_guide_page", _show)
    blueprint.add_url_rule("/style-guide/form", "style_guide_form", _send, methods=["POST"])
    blueprint.add_url_rule("/style-guide/draft", "style_guide_draft", _keep, methods=["POST"])
    blueprint.add_url_rule("/style-guide/error/<int:status>", "style_guide_error", _fail)


def _show(name: str = "parts") -> ResponseReturnValue:
    """Show one page of the style guide."""
    page = name if name in PAGES else "parts"
    return render_template(f"style_guide/{page}.html", form=forms.blank(), **_words())


def _send() -> ResponseReturnValue:
    """Read the form, and show it with its errors or as accepted."""
    form = forms.read(SpecimenSchema(), request.form)
    status = 200 if form.is_valid else 422
    return render_template("style_guide/forms.html", form=form, **_words()), status


def _keep() -> ResponseReturnValue:
    """Answer as a kept draft does."""
    return forms.draft_saved(datetime(2026, 5, 12, 9, 5, tzinfo=UTC))


def _fail(status: int) -> ResponseReturnValue:
    """Show what an error looks like."""
    known = status if status in ERRORS else 404
    return render_template(f"errors/{known}.html", error=ERRORS[known]), known


def _words() -> dict[str, object]:
    """Give the made-up words the pages show."""
    return {
        "today": date(2026, 5, 12),
        "now": datetime(2026, 5, 12, 8, 42, tzinfo=UTC),
        "rows": [
            SimpleNamespace(
                at=datetime(2026, 5, 12 - index % 9, 8, 42, tzinfo=UTC),
                who="Wijkteam Jeugd, casusregisseur" if index % 3 else "Politie, jeugdagent",
                what="Onderwijs" if index % 2 else "Gezondheid en welzijn van het gezin",
                is_allowed=index % 4 != 0,
            )
            for index in range(12)
        ],
        "reasons": [
            ("Regel", "Jeugd, uitvoering: onderwijs deelt verzuim met het wijkteam"),
            ("Afspraak", "artikel 7 lid 2 van het convenant"),
            ("Grondslag", "taak van algemeen belang (AVG artikel 6 lid 1 onder e)"),
            "nog juridisch te toetsen",
        ],
        "closed_reasons": [
            "De afspraak laat dit in deze fase niet toe zonder toestemming van de jongere.",
            ("Wie kan helpen", "de casusregisseur"),
        ],
    }
