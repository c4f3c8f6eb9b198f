"""The blueprint of agreements, and what its pages share."""

from flask import Blueprint

from auth import current
from pga.agreements import (
    cell_words,
    differences,
    example_words,
    life_words,
    limit_words,
    opening_words,
    words,
)
from pga.agreements.municipalities import name_of
from pga.agreements.service.desk import Colleague, Desk, sit_down
from pga.agreements.texts import outcomes_of

agreements = Blueprint("agreements", __name__, template_folder="../templates")


@agreements.context_processor
def _words() -> dict[str, object]:
    """Give the templates of this room the words for codes, cells, places and changes."""
    return {
        "codes": words,
        "cells": cell_words,
        "town": name_of,
        "say": differences,
        "limits": limit_words,
        "lives": life_words,
        "examples": example_words,
        "opening": opening_words,
        "outcomes_of": outcomes_of,
    }


def colleague() -> Colleague:
    """Give the signed-in person with every live membership."""
    login = current.require_session()
    return Colleague(
        person_id=login.person_id,
        session=login.id.hex(),
        auth_level=login.auth_level,
        memberships=current.live_memberships(),
    )


def desk_of(agreement_id: bytes) -> Desk:
    """Put a version on the desk of the signed-in person; raises NotFoundError."""
    return sit_down(colleague(), agreement_id)
