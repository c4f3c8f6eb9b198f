"""What was changed in a draft: where, before, after, why and by whom; and how to take it back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from auth import queries as people
from pga.agreements import place_words
from pga.agreements.reading import edits_of
from pga.agreements.views.blueprint import agreements, desk_of

PER_PAGE = 50


@agreements.get("/agreements/<id:agreement_id>/history")
def history(agreement_id: bytes) -> ResponseReturnValue:
    """List the changes of a version, the newest first."""
    desk = desk_of(agreement_id)
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() else None
    found = edits_of(agreement_id, before=before, most=PER_PAGE + 1)
    return render_template(
        "agreements/editor/history.html",
        desk=desk,
        places=place_words,
        edits=found[:PER_PAGE],
        older=found[PER_PAGE - 1].revision if len(found) > PER_PAGE else None,
        names=people.names_of({edit.person_id for edit in found}),
    )
