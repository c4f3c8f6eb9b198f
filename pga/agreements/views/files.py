"""The file of a version: to take away, and to put a whole new text in the place of a draft."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config.errors import ApplicationError, InvalidInputError
from pga.agreements import differences, fault_words
from pga.agreements.draft_schemas import FileSchema
from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.texts import outcomes_of, table_of_text, violations_in
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.saved import tell_saved
from pga.policy.compile import Table
from pga.policy.diff import diff
from pga.policy.examples import broken_anew, run
from pga.policy.nodes import DocumentError, Problem
from pga.web import forms
from pga.web.forms import Form


@agreements.get("/agreements/<id:agreement_id>/file")
def file(agreement_id: bytes) -> ResponseReturnValue:
    """Give the file of a version, as it can be read in again."""
    agreement = desk_of(agreement_id).agreement
    response = Response(agreement.document, mimetype="application/yaml")
    response.headers.set("Content-Disposition", "attachment", filename=file_name(agreement))
    return response


def file_name(agreement: Agreement) -> str:
    """Name the file of a version: place, track and version."""
    place = agreement.municipality or "model"
    version = "".join(sign for sign in agreement.version if sign.isalnum() or sign in ".-")
    return f"{place}-{agreement.track}-{version}.yaml"


@agreements.get("/agreements/<id:agreement_id>/import")
def import_form(agreement_id: bytes) -> ResponseReturnValue:
    """Ask for a file."""
    desk = desk_of(agreement_id)
    desk.drafter()
    return _page(desk, forms.blank())


@agreements.post("/agreements/<id:agreement_id>/import")
def import_file(agreement_id: bytes) -> ResponseReturnValue:
    """Show what a file would change, and with a second look put it in the place of the draft."""
    desk = desk_of(agreement_id)
    desk.drafter()
    form = forms.read(FileSchema(), request.form)
    if not form.is_valid:
        return _page(desk, form), 422
    try:
        form.values["text"] = text = uploaded() or form.data["text"]
        drafting.fitting(desk, text)
        if not form.data["confirm"]:
            return _page(desk, form, text)
        before = desk.agreement.document
        now = drafting.replace_text(desk, text, seen=form.data["seen"], reason=form.data["reason"])
    except (DocumentError, ApplicationError) as refused:
        return _refused(desk_of(agreement_id), form, refused)
    tell_saved(_("The draft now says what the file says."), before, now)
    return redirect(url_for(".history", agreement_id=agreement_id), 303)


def _refused(
    desk: Desk, form: Form, refused: DocumentError | ApplicationError
) -> ResponseReturnValue:
    """Show the form again with what stands in the way; nothing typed is lost."""
    if isinstance(refused, DocumentError):
        said = {**form.errors, "text": fault_words.all_said(refused.problems)}
        return _page(desk, Form(form.values, said)), 422
    if isinstance(refused, InvalidInputError):
        return _page(desk, form.refused(refused.fields)), refused.status
    with_errors = form.refused({"text": [refused.text]})
    text = form.value("text") if isinstance(refused, drafting.EditConflictError) else ""
    return _page(desk, with_errors, text), refused.status


def uploaded() -> str:
    """Read the file that was chosen, if any; raises DocumentError when it is no text."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return ""
    try:
        return str(chosen.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem(1, "not UTF-8 text")]) from None


def _page(desk: Desk, form: Form, text: str = "") -> str:
    """Show the form, and with a text that can be read what it would change."""
    seen = desk.agreement.policy_hash
    if not text:
        return render_template("agreements/editor/import.html", desk=desk, form=form)
    catalogue = catalogue_of(desk.agreement)
    before = table_of_text(desk.agreement.document, catalogue)
    after = Table(drafting.fitting(desk, text), catalogue)
    difference = diff(before, after)
    form.values["seen"] = seen
    return render_template(
        "agreements/editor/import.html",
        desk=desk,
        form=form,
        difference=difference,
        story=differences.story_of(difference.cells),
        violations=violations_in(text, catalogue),
        broken=broken_anew(outcomes_of(desk.agreement), run(after)),
    )
