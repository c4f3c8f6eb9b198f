"""Organisations: entered by the installation itself, when a party joins."""

import re
from collections.abc import Collection

from auth import queries
from auth.models import Organisation
from auth.rules import Domain
from auth.service import entries
from config.database import db, transaction
from config.errors import InvalidInputError
from config.ids import new_id

PARTNER_CODE = re.compile(r"[A-Z]{2,4}")


def create_organisation(
    *, name: str, partners: Collection[str], domain: Domain, is_fictional: bool = False
) -> bytes:
    """Enter an organisation with the partner codes it may act as; give its id.

    Raises InvalidInputError when the name is taken or a code is not a code.
    """
    codes = sorted(set(partners))
    if not name.strip():
        raise InvalidInputError({"name": ["Fill this in."]})
    if not codes or not all(PARTNER_CODE.fullmatch(code) for code in codes):
        raise InvalidInputError({"partners": ["A partner code has two to four capitals."]})
    if queries.organisation_by_name(name.strip()):
        raise InvalidInputError({"name": ["There is an organisation with this name already."]})
    organisation_id = new_id()
    entries.account_changed(
        entries.INSTALLATION.actor(()),
        organisation_id,
        "organisation-created",
        {"partners": " ".join(codes)},
    )
    with transaction():
        db.session.add(
            Organisation(
                id=organisation_id,
                name=name.strip(),
                partner_codes=" ".join(codes),
                domain=domain,
                is_fictional=is_fictional,
            )
        )
    return organisation_id
