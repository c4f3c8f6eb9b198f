"""The blueprint of the changeover, and the words its pages share."""

from flask import Blueprint

from pga.agreements import words as codes
from pga.agreements.municipalities import name_of
from pga.changeover import words

changeover = Blueprint("changeover", __name__, template_folder="../templates")


def shared_words() -> dict[str, object]:
    """Give the templates of this room the words for codes."""
    return {"say": words, "codes": codes, "municipality": name_of}


changeover.context_processor(shared_words)
