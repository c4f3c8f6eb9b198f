"""The matrix of a version, per track and stage, as people read and change it."""

from enum import StrEnum
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from config.errors import NotFoundError
from pga.agreements.matrix import grid_of, stages_of
from pga.agreements.models import Agreement
from pga.agreements.service.drafting import model_of
from pga.agreements.texts import broken_by, table_of_text
from pga.agreements.views.blueprint import agreements, desk_of
from pga.policy.codes import Partner, Stage, Track
from pga.policy.terms import AgreementDocument

Chosen = TypeVar("Chosen", bound=StrEnum)


@agreements.get("/agreements/<id:agreement_id>/matrix")
def matrix(agreement_id: bytes) -> ResponseReturnValue:
    """Show the matrix of a track in a stage, or the row of one partner."""
    desk = desk_of(agreement_id)
    document = document_of(desk.agreement)
    track = asked_track(document)
    violations = broken_by(desk.agreement)
    grid = grid_of(
        document,
        track,
        asked_stage(track),
        model=model_of(desk.agreement),
        violations=violations,
    )
    partner = chosen(Partner, "partner")
    return render_template(
        "agreements/editor/matrix.html",
        desk=desk,
        tracks=document.tracks,
        grid=grid,
        outside=[one for one in violations if not one.category],
        stages=stages_of(track),
        partner=partner if partner in grid.rows else None,
    )


def document_of(agreement: Agreement) -> AgreementDocument:
    """Give what a version says."""
    return table_of_text(agreement.document).document


def chosen(kind: type[Chosen], name: str) -> Chosen | None:
    """Read a choice in the address; what is none of its kind counts as not chosen."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def asked_track(document: AgreementDocument) -> Track:
    """Give the track that is asked for, else the first; raises NotFoundError for another's."""
    track = chosen(Track, "track") or document.tracks[0]
    if track not in document.tracks:
        raise NotFoundError
    return track


def asked_stage(track: Track) -> Stage:
    """Give the stage of a track that is asked for, else that of case meeting and plan."""
    asked = chosen(Stage, "stage")
    return asked if asked is not None and asked in stages_of(track) else Stage.FULL
