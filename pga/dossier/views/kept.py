"""Drafts behind the forms: restored when a form opens, kept while one types, dropped at the end."""

from flask import Response, request

from config import clock
from config.ids import from_hex, to_hex
from pga.records.service import drafts
from pga.sharing.service.seats import actor_of
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form, draft_saved

FORMS = frozenset({"log", "contribute"})
NO_CONTENT = 204


def restore(form: Form, name: str, case_id: bytes | None = None) -> Form:
    """Fill a form with the viewer's newest draft of it, if there is one; one entry in the log."""
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
    asked = {key: value for key, value in form.values.items() if value and key == "case"}
    return forms.blank(**{**form.values, **typed, **asked, "draft": to_hex(found.id)})


def keep(name: str, content: dict[str, object]) -> Response | str:
    """Keep what was typed under the draft of this form, sealed with a fresh key; no entry."""
    if name not in FORMS:
        return Response(status=NO_CONTENT)
    viewer = current_viewer()
    case_text = str(request.args.get("case_id", ""))
    case_id = _id(case_text)
    known = next(
        (
            draft.id
            for draft in drafts.drafts_of(viewer.person_id)
            if draft.form == name and (case_id is None or draft.case_id == case_id)
        ),
        None,
    )
    content.pop("draft", None)
    drafts.save_draft(viewer.person_id, name, content, case_id=case_id, draft_id=known)
    return draft_saved(clock.now())


def drop(form: Form) -> None:
    """Delete the draft of a form that was saved; a form without a draft has none to delete."""
    draft_id = _id(form.value("draft"))
    if draft_id is not None:
        drafts.delete_draft(current_viewer().person_id, draft_id)


def _id(text: str) -> bytes | None:
    """Read an id in hex, or nothing."""
    try:
        return from_hex(text)
    except ValueError:
        return None
