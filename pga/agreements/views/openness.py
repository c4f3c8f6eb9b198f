"""How widely everything opens in a phase, as a heat map, beside the versions in time."""

from flask import render_template
from flask.typing import ResponseReturnValue

from config import clock
from pga.agreements import cell_words, words
from pga.agreements.matrix import stages_of
from pga.agreements.queries import table_of
from pga.agreements.service.desk import line_of_versions
from pga.agreements.tiles import FlowSide, Tile, tiles_of
from pga.agreements.timeline import timeline_of
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import asked_stage, asked_track, chosen
from pga.policy.codes import Partner
from pga.policy.who_may import View


@agreements.get("/agreements/<id:agreement_id>/openness")
def openness(agreement_id: bytes) -> ResponseReturnValue:
    """Show how widely every cell of a track opens in a stage, or those of one partner."""
    desk = desk_of(agreement_id)
    table = table_of(desk.agreement)
    track = asked_track(table.document)
    view = View(track, asked_stage(track))
    grid = tiles_of(table, view, chosen(FlowSide, "side") or FlowSide.BRINGS)
    partner = chosen(Partner, "partner")
    return render_template(
        "agreements/editor/openness.html",
        desk=desk,
        tracks=table.document.tracks,
        grid=grid,
        stages=stages_of(track),
        sides=FlowSide,
        partner=partner if partner in grid.rows else None,
        needed=_needed,
        timeline=timeline_of(line_of_versions(desk), clock.today()),
    )


def _needed(tile: Tile) -> str:
    """Say which conditions everybody must meet; empty when there is none."""
    return (
        cell_words.joined(map(words.condition, tile.heat.conditions))
        if tile.heat.conditions
        else ""
    )
