"""Drafts behind the forms: restored when a form opens, kept while one types, dropped at the end."""

from flask import Response, request

from config import clock
from config.errors import NotFoundError
from config.ids import from_hex, to_hex
from pga.dossier.forms import draft_content
from pga.dossier.views.blueprint import dossier
from pga.records.service import drafts
from pga.sharing.service.changes import sit_down
from pga.sharing.service.seats import actor_of
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form, draft_saved

FORMS = frozenset({"log", "contribute"})
ASKED = frozenset({"case", "category"})
NO_CONTENT = 204


@dossier.post("/drafts/<name>")
def keep_draft(name: str) -> Response | str:
    """Keep what is being typed, sealed and for its author alone; asked by the page itself.

    The draft of a case is kept for who has a seat in it. For anybody else the case is not there,
    and neither is one whose id cannot be one.
    """
    if name not in FORMS:
        return Response(status=NO_CONTENT)
    viewer, case_id = current_viewer(), None
    if "case_id" in request.args:
        case_id = id_of(request.args["case_id"])
        if case_id is None:
            raise NotFoundError
        sit_down(viewer, case_id)
    known = next(
        (
            draft.id
            for draft in drafts.drafts_of(viewer.person_id)
            if draft.form == name and draft.case_id == case_id
        ),
        None,
    )
    content = draft_content(request.form)
    content.pop("draft", None)
    drafts.save_draft(viewer.person_id, name, content, case_id=case_id, draft_id=known)
    return draft_saved(clock.now())


def restore(form: Form, name: str, case_id: bytes | None = None) -> Form:
    """Fill a form with the viewer's newest draft of it, if there is one; one entry in the log.

    With a case it is the draft of that case: a text about one youth never fills the form of
    another.
    """
    viewer = current_viewer()
    found = next(
        (
            draft
            for draft in drafts.drafts_of(viewer.person_id)
            if draft.form == name and (case_id is None or draft.case_id == case_id)
        ),
        None,
    )
    if found is None:
        return form
    content = drafts.open_draft(actor_of(viewer, None), found.id)
    typed = {
        key: value if isinstance(value, list) else str(value) for key, value in content.items()
    }
    asked = {key: value for key, value in form.values.items() if value and key in ASKED}
    return forms.blank(**{**form.values, **typed, **asked, "draft": to_hex(found.id)})


def drop(form: Form, name: str, case_id: bytes) -> None:
    """Delete what was kept of a form that was sent: its draft, and any of this case by its name.

    The page does not know the draft that was made while one typed.
    """
    person_id = current_viewer().person_id
    kept = {d.id for d in drafts.drafts_of(person_id, case_id) if d.form == name}
    shown = id_of(form.value("draft"))
    for draft_id in kept | ({shown} if shown else set()):
        drafts.delete_draft(person_id, draft_id)


def id_of(text: str) -> bytes | None:
    """Read an id in hex, or nothing."""
    try:
        return from_hex(text)
    except ValueError:
        return None
