"""The blueprint of sharing, and what its pages share."""

from collections.abc import Mapping

from flask import Blueprint

from auth import queries as people
from auth.models import Organisation
from pga.agreements.queries import table_of
from pga.policy.codes import CATEGORIES, Track
from pga.sharing import words
from pga.sharing.service.changes import Desk

sharing = Blueprint("sharing", __name__, template_folder="../templates")


@sharing.context_processor
def _words() -> dict[str, object]:
    """Give the templates of this room the words for codes."""
    return {"say": words, "name_of_hex": _name_of_hex}


def _name_of_hex(names: Mapping[bytes, Organisation], text: str) -> str:
    """Name an organisation by its id in hex."""
    found = names.get(bytes.fromhex(text))
    return found.name if found else ""


def parties(desk: Desk) -> list[tuple[bytes, str, str]]:
    """List who signed, as organisation, partner code and name.

    It lists the agreement's parties and never the case's participants, so a list of choices does
    not tell who takes part (R-29).
    """
    names = people.organisations_by_id({party.organisation_id for party in desk.facts.parties})
    return sorted(
        (
            (party.organisation_id, party.partner, names[party.organisation_id].name)
            for party in desk.facts.parties
            if party.organisation_id in names
        ),
        key=lambda row: (row[2], row[1]),
    )


def organisation_choices(desk: Desk) -> list[tuple[str, str]]:
    """List the organisations that may be named as recipient, once each."""
    found = {organisation_id.hex(): name for organisation_id, _p, name in parties(desk)}
    return sorted(found.items(), key=lambda pair: pair[1])


def category_choices(desk: Desk) -> list[tuple[str, str]]:
    """List the categories of this case's agreement."""
    known = table_of(desk.facts.agreement).categories
    return [
        (code, words.category(code))
        for code in CATEGORIES[Track(desk.facts.case.track)]
        if code in known
    ]
