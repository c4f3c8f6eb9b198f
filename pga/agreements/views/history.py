"""What was changed in a draft: where, before, after, why and by whom; and how to take it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from config.errors import ConflictError
from pga.agreements import place_words, value_words
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.saved import tell_saved

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
        values=value_words,
        may_undo=lambda edit: (
            drafting.can_be_undone(edit.place) and drafting.may_change(desk, edit.place)
        ),
        edits=found[:PER_PAGE],
        older=found[PER_PAGE - 1].revision if len(found) > PER_PAGE else None,
        names=people.names_of({edit.person_id for edit in found}),
    )


@agreements.post("/agreements/<id:agreement_id>/history/<int:revision>/undo")
def undo(agreement_id: bytes, revision: int) -> ResponseReturnValue:
    """Take one change back, as a change of its own."""
    desk = desk_of(agreement_id)
    before = desk.agreement.document
    try:
        now = drafting.undo(desk, revision)
    except (drafting.NotADraftError, ConflictError) as refused:
        flash(_(refused.text), "warning")
    else:
        tell_saved(_("The change is taken back. That too can be undone."), before, now)
    return redirect(url_for(".history", agreement_id=agreement_id), 303)
