"""One cell of a version: what it says, on what ground, what it does, and how it is changed."""

from flask import render_template
from flask.typing import ResponseReturnValue

from config.errors import NotFoundError
from pga.agreements.flows import flows
from pga.agreements.matrix import STAGES, partners_of, square_of
from pga.agreements.service.desk import Desk
from pga.agreements.texts import table_of_text, violations_in
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import chosen, model_of
from pga.policy.codes import CATEGORIES, Category, Partner, Stage, Track


@agreements.get("/agreements/<id:agreement_id>/cells/<track>/<partner>/<category>", endpoint="cell")
def show(agreement_id: bytes, track: str, partner: str, category: str) -> ResponseReturnValue:
    """Show one cell."""
    desk = desk_of(agreement_id)
    return _page(desk, *_place(desk, track, partner, category))


def _place(desk: Desk, track: str, partner: str, category: str) -> tuple[Track, Partner, Category]:
    """Read which cell is meant; raises NotFoundError when the agreement has no such cell."""
    document = table_of_text(desk.agreement.document).document
    try:
        place = Track(track), Partner(partner), Category(category)
    except ValueError:
        raise NotFoundError from None
    if place[1] not in partners_of(document, place[0]) or place[2] not in CATEGORIES[place[0]]:
        raise NotFoundError
    return place


def _page(desk: Desk, track: Track, partner: Partner, category: Category) -> str:
    """Show a cell with its grounds and what it does in a stage."""
    table = table_of_text(desk.agreement.document)
    document = table.document
    stage = chosen(Stage, "stage") or Stage.FULL
    others = partners_of(document, track)
    where = track, stage, category
    bases = document.legal_bases.get(track, {}).get(partner)
    return render_template(
        "agreements/editor/cell.html",
        desk=desk,
        track=track,
        partner=partner,
        category=category,
        stage=stage,
        stages=STAGES,
        square=square_of(
            document,
            track,
            stage,
            (partner, category),
            model=model_of(desk),
            violations=violations_in(desk.agreement.document),
        ),
        clause=table.clauses.of(track, partner, category),
        bases=bases,
        gives=flows(table, where, [partner], others),
        gets=flows(table, where, others, [partner]),
    )
