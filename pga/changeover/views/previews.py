"""What a proposed version does to living cases, in counts alone."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from auth import queries as people
from config.ids import ID_BYTES
from pga.agreements.models import Agreement
from pga.changeover import words
from pga.changeover.rules import PROPOSERS, Change
from pga.changeover.service.moves import SIGNED_OR_IN_FORCE
from pga.changeover.service.places import place_for
from pga.changeover.service.previews import NotSoundError, Preview, preview
from pga.changeover.service.versions import shelf_of
from pga.changeover.views.blueprint import changeover
from pga.policy.codes import Partner, Stage
from pga.sharing.viewer import current_viewer


@changeover.get("/changeover/<id:agreement_id>/preview")
def preview_of(agreement_id: bytes) -> ResponseReturnValue:
    """Show what changes for living cases if they came under this version."""
    viewer = current_viewer()
    shelf, target = shelf_of(viewer, agreement_id)
    source = shelf.source_for(target, version_id(request.args.get("source", "")))
    found: Preview | None = None
    is_sound = True
    if source is not None:
        try:
            found = preview(source, target)
        except NotSoundError:
            is_sound = False
    return render_template(
        "changeover/preview.html",
        target=target,
        source=source,
        found=found,
        is_sound=is_sound,
        may_propose=found is not None
        and found.has_cases
        and target.state in SIGNED_OR_IN_FORCE
        and place_for(viewer, target.municipality, PROPOSERS) is not None,
        by_partner=by_partner(found.changes) if found else (),
        names=names_of(found) if found else {},
        choices=[
            (named(one), address(target, one), one is source) for one in shelf.sources_for(target)
        ],
    )


def named(version: Agreement) -> str:
    """Name a version to choose it by."""
    return f"{version.version}, {words.agreement_state(version.state)}"


def address(target: Agreement, source: Agreement) -> str:
    """Give the address that compares two versions."""
    return url_for(".preview_of", agreement_id=target.id, source=source.id.hex())


def version_id(text: str) -> bytes | None:
    """Read which version an address or a form names; None for what is no id."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return None
    return found if len(found) == ID_BYTES else None


def by_partner(
    changes: Sequence[Change],
) -> list[tuple[Partner, list[tuple[Stage, list[Change]]]]]:
    """Group changes, which are in order, by the partner that gains or loses and by stage."""
    return [
        (partner, [(stage, list(same)) for stage, same in groupby(found, key=attrgetter("stage"))])
        for partner, found in groupby(changes, key=attrgetter("consumer"))
    ]


def names_of(found: Preview) -> dict[bytes, str]:
    """Name the organisations that do not take part in the proposed version."""
    return people.names_of({one for leaving in found.leaving for one in leaving.organisations})
