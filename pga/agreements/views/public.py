"""What everybody may read of the agreements in force in a municipality: the essence (AVG 26(2))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from config import clock
from config.errors import NotFoundError
from pga.agreements import queries, term_words, words
from pga.agreements.models import Agreement
from pga.agreements.municipalities import MUNICIPALITIES
from pga.agreements.texts import table_of_text
from pga.policy.codes import CATEGORIES, Category, Partner, Track
from pga.policy.terms import AgreementDocument

public = Blueprint("agreements_public", __name__, template_folder="../templates")


@public.context_processor
def _words() -> dict[str, object]:
    """Give the template the words for codes and terms."""
    return {"codes": words, "terms": term_words}


@dataclass(frozen=True, slots=True)
class Essence:
    """An agreement in force as everybody may read it: of the parties, those that take part."""

    agreement: Agreement
    document: AgreementDocument
    partners: Sequence[Partner]
    shared: Mapping[Category, tuple[Sequence[Partner], Sequence[Partner]]]


@public.get("/agreements/public/<municipality>")
def summary(municipality: str) -> ResponseReturnValue:
    """Show the essence of what is in force in a municipality; nothing of what is being made."""
    town = MUNICIPALITIES.get(municipality)
    if town is None:
        raise NotFoundError
    today = clock.today()
    versions = [
        found
        for track in Track
        if (found := queries.in_force(municipality, track, today)) is not None
    ]
    parties = queries.parties_of([one.id for one in versions])
    signed = {
        one.id: {Partner(p.partner) for p in parties[one.id] if queries.has_signed(p, today)}
        for one in versions
    }
    return render_template(
        "agreements/public.html",
        town=town,
        found=[_essence(one, signed[one.id]) for one in versions],
    )


def _essence(agreement: Agreement, signed: set[Partner]) -> Essence:
    """Take out of a version what everybody may read: who brings and who sees what, in words."""
    document = table_of_text(agreement.document).document
    track = Track(agreement.track)
    partners = [one for one in document.matrix.get(track, {}) if one in signed]
    shared = {}
    for category in CATEGORIES[track]:
        cells = [(one, document.cell(track, one, category)) for one in partners]
        brings = [one for one, cell in cells if cell.provide.is_open]
        sees = [one for one, cell in cells if cell.consult.is_open]
        if brings and sees:
            shared[category] = (brings, sees)
    return Essence(agreement, document, partners, shared)
