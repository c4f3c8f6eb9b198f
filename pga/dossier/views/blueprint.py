"""The blueprint of the case file, and what its pages share."""

from flask import Blueprint

from pga.agreements.municipalities import name_of
from pga.dossier import words

dossier = Blueprint("dossier", __name__, template_folder="../templates")


@dossier.context_processor
def _words() -> dict[str, object]:
    """Give the templates of this room the words for codes."""
    return {"words": words, "municipality": name_of}
