"""The blueprint of the case file, and what its pages share."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from pga.agreements.municipalities import name_of
from pga.dossier import words, work_words
from pga.dossier.views.addresses import address

dossier = Blueprint("dossier", __name__, template_folder="../templates")
IN_A_CASE = frozenset({"dossier", "sharing"})


@dossier.context_processor
def _words() -> dict[str, object]:
    """Give the templates of this room the words for codes."""
    return {
        "words": words,
        "work_words": work_words,
        "municipality": name_of,
        "address": address,
    }


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where a page that refuses leads back to, and who can help there."""

    url: str
    label: str
    help: str


@dossier.app_template_global("way_back")
def way_back() -> WayBack | None:
    """Lead back to the case that refused something; nothing where no case did.

    Who has no seat never comes here, but gets the page of an address that does not exist.
    """
    case_id = (request.view_args or {}).get("case_id")
    if case_id is None or request.blueprint not in IN_A_CASE:
        return None
    return WayBack(
        url=url_for("dossier.case", case_id=case_id),
        label=_("Back to the case"),
        help=_(
            "The case manager can tell what is possible for you in this case, and who can do what "
            "you cannot. Do you think it should be open to you? Ask the privacy officer of your "
            "organisation."
        ),
    )
