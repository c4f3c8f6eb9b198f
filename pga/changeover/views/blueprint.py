"""The blueprint of the changeover, and the words its pages share."""

from flask import Blueprint

from pga.agreements import words as codes
from pga.agreements.municipalities import name_of
from pga.changeover import words
from pga.changeover.models import CaseMove
from pga.changeover.rules import move_state

changeover = Blueprint("changeover", __name__, template_folder="../templates")


def shared_words() -> dict[str, object]:
    """Give the templates of this room the words for codes."""
    return {"say": words, "codes": codes, "municipality": name_of, "state_of": state_of}


def state_of(move: CaseMove) -> str:
    """Tell where a decision over living cases stands."""
    return move_state(move.approved_at, move.withdrawn_at, move.carried_out_at)


changeover.context_processor(shared_words)
