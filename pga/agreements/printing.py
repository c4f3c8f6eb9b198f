"""A whole agreement as a tagged PDF (PDF/A-3a, PDF/UA-1) that carries its own file.

The same version, moment and language give the same bytes, so that a PDF can be held against the
version it was made of.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from flask_babel import force_locale
from flask_babel import gettext as _

from config import clock
from pga.agreements import cell_words, term_words, words
from pga.agreements.life_words import CAPACITIES, PROOFS
from pga.agreements.models import Agreement, Party, Signature
from pga.agreements.municipalities import name_of
from pga.agreements.texts import table_of_text
from pga.policy.codes import CATEGORIES
from pga.policy.terms import AgreementDocument
from pga.web import pdf
from pga.web.filters import day, moment

TEMPLATE: Final = Path(__file__).parent / "print" / "agreement.typ"
STANDARDS: Final[tuple[pdf.Standard, ...]] = ("a-3a", "ua-1")
MADE_WITH: Final = f"typst {version('typst')}"
FILE_NAME: Final = "agreement.yaml"
PRINT_NAME: Final = "print.json"

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Print:
    """What a PDF is made of: a version, who signed it by a moment, and the language of its words.

    `signed` are the parties that have signed, `signatures` what was stated at it, by party.
    """

    agreement: Agreement
    signed: Sequence[Party]
    signatures: Mapping[bytes, Signature]
    organisations: Mapping[bytes, str]
    made_at: datetime
    language: str


def make_pdf(told: Print) -> bytes:
    """Make the PDF of a version."""
    with force_locale(told.language):
        data = _data(told)
    return pdf.make_pdf(TEMPLATE, data, told.made_at, STANDARDS)


def _data(told: Print) -> Part:
    """Give everything that stands on paper, in words."""
    agreement = told.agreement
    document = table_of_text(agreement.document).document
    local = clock.local_day(told.made_at)
    place = name_of(agreement.municipality) if agreement.municipality else _("Regional model")
    open_clauses = sum(not clause.verified for clause in document.clauses)
    return {
        "title": agreement.name,
        "author": place,
        "language": told.language,
        "running": f"{agreement.name}, {_('version')} {agreement.version}",
        "made": {"year": local.year, "month": local.month, "day": local.day},
        "facts": [
            [_("Municipality"), place],
            [_("Track"), words.track(agreement.track)],
            [_("Version"), agreement.version],
            [_("Holds from"), day(document.agreement.valid_from)],
            [_("Holds up to and including"), day(document.agreement.valid_until)],
            [_("Evaluation before"), day(document.agreement.evaluation)],
            [_("Derived from"), document.agreement.derived_from or "-"],
            [_("Printed on"), moment(told.made_at)],
        ],
        "notice": _("Clauses marked “legally to be checked”: %(count)s.", count=open_clauses)
        if open_clauses
        else "",
        "hash": sha256(agreement.document.encode()).hexdigest(),
        "policy_hash": agreement.policy_hash,
        "file": agreement.document,
        "print": json.dumps(
            {
                "agreement": agreement.id.hex(),
                "made_at": told.made_at.isoformat(),
                "language": told.language,
                "made_with": MADE_WITH,
            },
            sort_keys=True,
        ),
        "words": {
            "contents": str(_("Contents")),
            "hash": str(_("Hash of the file (SHA-256)")),
            "says": str(_("Hash of what it says")),
            "file": str(_("The agreement as a file")),
            "print": str(_("What this PDF was made of")),
            "signatures": str(_("Signatures")),
            "about_signatures": str(
                _(
                    "Each signature is the act of a signed-in person and is entered in the log. "
                    "It claims no level of eIDAS."
                )
            ),
            "nobody": str(_("Nobody has signed yet")),
        },
        "parts": list(_parts(document)),
        "matrices": [_matrix(document, track) for track in document.tracks],
        "legend": _legend(),
        "clauses": _clauses(document),
        "signatures": [_signature(told, party) for party in told.signed],
    }


def _parts(document: AgreementDocument) -> Sequence[Part]:
    """Give the parts before the matrix and after it, but for the clauses, as titles and lines."""
    lines = term_words.lines
    found: dict[str, list[tuple[str, list[str]]]] = {
        "parties": [(words.partner(one.partner), lines(one)) for one in document.parties],
        "purposes": [(words.purpose(one.code), lines(one)) for one in document.purpose_terms],
        "non_purposes": [
            (str(words.NON_PURPOSES[one.code]), lines(one)) for one in document.non_purposes
        ],
        "tracks": [(words.track(one.code), lines(one)) for one in document.track_terms],
        "phases": [(words.phase(one.code), lines(one)) for one in document.phases],
        "legal_bases": [
            (words.partner(partner), lines(row))
            for rows in document.legal_bases.values()
            for partner, row in rows.items()
        ],
        "retention": [
            (str(term_words.RETENTION[one.object]), lines(one)) for one in document.retention
        ],
    }
    parts = [
        _part(str(term_words.PARTS[name]), [(title, said) for title, said in entries])
        for name, entries in found.items()
    ]
    remarks = [
        (f"{words.partner(partner)}, {words.category(code)}", [one.reason, one.comment])
        for rows in document.remarks.values()
        for partner, row in rows.items()
        for code, one in row.items()
    ]
    remarks += [(place, [reason]) for place, reason in document.reasons.items()]
    if remarks:
        parts.append(_part(_("Where it differs from the model, and why"), remarks))
    if document.examples:
        examples = [("", [one.text]) for one in document.examples]
        parts.append(_part(_("Examples that must come out"), examples))
    return parts


def _part(title: str, entries: Sequence[tuple[str, list[str]]]) -> Part:
    """Give one part of a text."""
    items = [{"title": name, "lines": [line for line in said if line]} for name, said in entries]
    return {"title": title, "head": [], "rows": [], "items": items}


def _matrix(document: AgreementDocument, track: Any) -> Part:  # noqa: ANN401 - a track of it
    """Give the matrix of a track in the notation of its cells."""
    categories = CATEGORIES[track]
    return {
        "title": f"{_('Matrix')}: {words.track(track)}",
        "head": [str(_("Partner")), *(f"{code} {words.category(code)}" for code in categories)],
        "rows": [
            [words.partner(partner), *(document.cell(track, partner, c).text for c in categories)]
            for partner in document.matrix[track]
        ],
    }


def _legend() -> list[str]:
    """Explain the notation of a cell: what is brought, a stroke, what is seen."""
    return [
        f"{title}: " + "; ".join(f"{sign} = {meaning}" for sign, meaning in names.items())
        for title, names in (
            (_("Before the stroke"), {**cell_words.PROVIDE, **cell_words.ON_PROVIDE}),
            (_("After the stroke"), {**cell_words.CONSULT, **cell_words.ON_CONSULT}),
        )
    ]


def _clauses(document: AgreementDocument) -> list[Part]:
    """Give the clauses by partner."""
    grouped: dict[str, list[Part]] = {}
    for clause in document.clauses:
        mark = _("confirmed") if clause.verified else _("legally to be checked")
        subjects = ", ".join(words.category(code) for code in clause.categories)
        facts = f"{subjects}. {', '.join(clause.articles)}. {mark}."
        grouped.setdefault(clause.partner, []).append(
            {"title": clause.id, "text": clause.text, "facts": facts}
        )
    return [
        {"title": f"{_('Clauses')}: {words.partner(partner)}", "items": items}
        for partner, items in grouped.items()
    ]


def _signature(told: Print, party: Party) -> Part:
    """Give one signature as it stands on the last page."""
    given = told.signatures.get(party.id)
    organisation = told.organisations.get(party.organisation_id, "")
    lines = [organisation, f"{party.signed_by}, {party.signed_as}"]
    if given is None:
        lines.append(_("Signed on %(day)s.", day=day(party.signed_on or told.made_at)))
    else:
        lines.append(str(CAPACITIES[given.capacity]))
        if given.mandate_on is not None:
            number, when = given.mandate_number, day(given.mandate_on)
            lines.append(f"{number}, {when}: {given.mandate_scope}")
        if given.paper_on is not None:
            lines.append(_("On paper, %(day)s.", day=day(given.paper_on)))
        lines.append(_("Signed on %(day)s.", day=moment(given.signed_at)))
        lines.append(f"{_('Proven with:')} {PROOFS[given.proof]}.")
        lines.append(f"SHA-256 {given.document_hash}")
    return {"party": words.partner(party.partner), "lines": [str(line) for line in lines]}
