"""Prints of a version, and whether a PDF or file somebody holds is the same as what runs."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from pga.agreements import queries
from pga.agreements.models import Agreement, Party, Signature
from pga.agreements.printing import FILE_NAME, MADE_WITH, PRINT_NAME, Print, make_pdf
from pga.agreements.service.desk import Colleague, may_see
from pga.policy.document import DocumentError, parse
from pga.policy.writing import hash_of

LARGEST: Final = 10 * 1024 * 1024
LANGUAGES: Final = frozenset({"nl", "en"})


class Likeness(StrEnum):
    """How a text compares with a version (overeenkomst): byte for byte, in what it says, or not."""

    SAME = "same"
    WRITTEN_OTHERWISE = "written_otherwise"
    OTHER = "other"


class Pages(StrEnum):
    """How the pages of a PDF compare with those made anew (bladzijden)."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """What somebody holds, next to the version it is of, if there is one they may see."""

    likeness: Likeness
    pages: Pages
    version: Agreement | None
    is_in_force: bool


def print_of(agreement: Agreement, at: datetime, language: str) -> bytes:
    """Make the PDF of a version with the signatures it had at a moment."""
    given = {one.party_id: one for one in queries.signatures_of(agreement.id)}
    signed = [
        party
        for party in queries.parties_of([agreement.id])[agreement.id]
        if _signed_by(party, given.get(party.id), at)
    ]
    signatures = {party.id: given[party.id] for party in signed if party.id in given}
    names = people.names_of({one.organisation_id for one in signed})
    return make_pdf(Print(agreement, signed, signatures, names, at, language))


def match(colleague: Colleague, content: bytes) -> Match:
    """Compare a PDF or file with the versions this person may see.

    Raises InvalidInputError for what is neither.
    """
    if not content or len(content) > LARGEST:
        raise InvalidInputError({"file": ["Choose a file of at most 10 MB."]})
    is_pdf = content.startswith(b"%PDF-")
    text, printed = _out_of_pdf(content) if is_pdf else (content, None)
    likeness, version = _find(colleague, text)
    pages = Pages.NONE
    if is_pdf:
        pages = Pages.UNKNOWN if version is None else _pages(version, content, printed)
    in_force = version is not None and queries.is_in_force(version, clock.today())
    return Match(likeness, pages, version, in_force)


def _signed_by(party: Party, given: Signature | None, at: datetime) -> bool:
    """Tell whether a party had signed at a moment; what the installation took in knows its day."""
    if given is not None:
        return given.signed_at <= at
    return party.signed_on is not None and party.signed_on <= clock.local_day(at)


def _out_of_pdf(content: bytes) -> tuple[bytes, bytes | None]:
    """Take the file and what the PDF was made of out of it; raises InvalidInputError."""
    try:
        attached = PdfReader(BytesIO(content)).attachments
        files = {name: found[0] for name, found in attached.items() if found}
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise InvalidInputError({"file": ["This PDF cannot be read."]}) from fault
    if FILE_NAME not in files:
        raise InvalidInputError({"file": ["This PDF carries no agreement."]})
    return files[FILE_NAME], files.get(PRINT_NAME)


def _find(colleague: Colleague, content: bytes) -> tuple[Likeness, Agreement | None]:
    """Find the version that a text is of; raises InvalidInputError for no agreement.

    The version in force comes first where two say the same.
    """
    try:
        text = content.decode("utf-8")
        document = parse(text)
    except (UnicodeDecodeError, DocumentError) as fault:
        raise InvalidInputError({"file": ["This is no agreement."]}) from fault
    header = document.agreement
    shelf = queries.shelf({header.municipality})
    seen = [one for one in shelf if may_see(colleague, one)]
    same = [one.id for one in seen if one.policy_hash == hash_of(document)]
    found = list(queries.agreements_by_id(same).values()) if same else []
    found.sort(key=lambda one: (one.document != text, not _holds(one)))
    if found:
        is_same = found[0].document == text
        return (Likeness.SAME if is_same else Likeness.WRITTEN_OTHERWISE), found[0]
    named = (document.tracks[0], header.version)
    other = next((one for one in seen if (one.track, one.version) == named), None)
    return Likeness.OTHER, other


def _holds(agreement: Agreement) -> bool:
    """Tell whether a version is in force today."""
    return queries.is_in_force(agreement, clock.today())


def _pages(agreement: Agreement, content: bytes, printed: bytes | None) -> Pages:
    """Make the PDF anew as it says it was made, and compare it byte for byte."""
    try:
        made = json.loads(printed or b"")
        at = datetime.fromisoformat(made["made_at"])
        language = str(made["language"])
        is_known = made["made_with"] == MADE_WITH and made["agreement"] == agreement.id.hex()
    except (ValueError, KeyError, TypeError):
        return Pages.OTHER
    if language not in LANGUAGES or at.tzinfo is None:
        return Pages.OTHER
    if not is_known:
        return Pages.UNKNOWN
    return Pages.SAME if print_of(_whole(agreement), at, language) == content else Pages.OTHER


def _whole(agreement: Agreement) -> Agreement:
    """Read a version with its text."""
    return queries.agreements_by_id([agreement.id])[agreement.id]
