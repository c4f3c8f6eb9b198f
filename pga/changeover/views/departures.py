"""A party that leaves: recorded in one act, with a statement of what stays, and its own back."""

import io
import json
import zipfile

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from config import clock
from config.errors import InvalidInputError
from pga.changeover.schemas import NoticeSchema
from pga.changeover.service import departures
from pga.changeover.service.departures import CANNOT_DO_WITHOUT, Leaver, Left, Notice
from pga.changeover.service.handing_back import OwnCase, Package, hand_back
from pga.changeover.service.places import version_for
from pga.changeover.service.statement import statement_of
from pga.changeover.views.blueprint import changeover
from pga.dossier import words as case_words
from pga.sharing.service.disclose import OpenItem
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form


@changeover.get("/changeover/<id:agreement_id>/parties")
def parties(agreement_id: bytes) -> ResponseReturnValue:
    """List the parties of a version that can leave, for the process lead."""
    viewer = current_viewer()
    version = version_for(viewer, agreement_id)
    found = departures.leavers(viewer, version)
    return render_template(
        "changeover/parties.html",
        version=version,
        found=found,
        names=people.names_of({one.party.organisation_id for one in found}),
    )


@changeover.get("/changeover/<id:agreement_id>/parties/<id:party_id>/leave")
def leave_form(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Ask on which notice a party leaves, and say what that does."""
    one = departures.leaver(current_viewer(), agreement_id, party_id)
    return _form_page(one, forms.blank(notice_on=clock.today().isoformat()))


@changeover.post("/changeover/<id:agreement_id>/parties/<id:party_id>/leave")
def leave(agreement_id: bytes, party_id: bytes) -> ResponseReturnValue:
    """Let a party leave: its access ends with this answer."""
    viewer = current_viewer()
    one = departures.leaver(viewer, agreement_id, party_id)
    form = forms.read(NoticeSchema(), request.form)
    if not form.is_valid:
        return _form_page(one, form), 422
    try:
        left = departures.leave(viewer, agreement_id, party_id, Notice(**form.data))
    except InvalidInputError as refused:
        return _form_page(one, form.refused(refused.fields)), 422
    flash(_("The party has left. Its access is closed."), "success")
    return redirect(url_for(".departure", departure_id=left.id), 303)


@changeover.get("/changeover/departures/<id:departure_id>")
def departure(departure_id: bytes) -> ResponseReturnValue:
    """Show the statement of what stays of a party that left."""
    left = departures.left(current_viewer(), departure_id)
    row = left.departure
    return render_template(
        "changeover/departure.html",
        statement=statement_of(left),
        left=left,
        names=people.names_of({row.organisation_id, row.recorded_by}),
        is_needed=row.partner in CANNOT_DO_WITHOUT,
    )


@changeover.post("/changeover/departures/<id:departure_id>/export")
def export(departure_id: bytes) -> ResponseReturnValue:
    """Hand a party its own contributions, as pages and as data, made in memory and kept nowhere."""
    viewer = current_viewer()
    left = departures.left(viewer, departure_id)
    package = hand_back(viewer, left)
    name = f"{_('own-contributions')}-{clock.today().isoformat()}.zip"
    return Response(
        _zipped(left, package),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _form_page(one: Leaver, form: Form) -> str:
    """Show the form of a notice."""
    names = people.names_of({one.party.organisation_id})
    return render_template(
        "changeover/leave.html",
        one=one,
        form=form,
        name=names[one.party.organisation_id],
        is_needed=one.party.partner in CANNOT_DO_WITHOUT,
    )


def _zipped(left: Left, package: Package) -> bytes:
    """Put the contributions in one file: readable, and as data."""
    organisation = people.names_of({left.departure.organisation_id})
    page = render_template(
        "changeover/contributions.html",
        left=left,
        package=package,
        organisation=organisation[left.departure.organisation_id],
        today=clock.today(),
        case_words=case_words,
        fields_of=_fields_of,
    )
    data = {
        "organisation": organisation[left.departure.organisation_id],
        "partner": left.departure.partner,
        "municipality": left.departure.municipality,
        "track": left.departure.track,
        "left_at": left.departure.left_at.isoformat(),
        "cases": [_case_data(one) for one in package.cases],
        "left_out": package.left_out,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{_('contributions')}.html", page)
        archive.writestr(
            f"{_('contributions')}.json", json.dumps(data, indent=2, ensure_ascii=False)
        )
    return buffer.getvalue()


def _case_data(case: OwnCase) -> dict[str, object]:
    """Give what was brought to one case as plain data."""
    return {
        "number": case.number,
        "state": case.state,
        "items": [_item_data(item) for item in case.items],
        "left_out": case.faulty,
    }


def _item_data(item: OpenItem) -> dict[str, object]:
    """Give one item as plain data."""
    row = item.row
    return {
        "id": row.id.hex(),
        "category": row.category,
        "kind": row.kind,
        "status": row.status,
        "version": row.row_version,
        "purpose": row.purpose,
        "created_at": row.created_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "content": dict(item.content),
    }


def _fields_of(item: OpenItem) -> list[tuple[str, str]]:
    """List what an item says, with the names its fields have on screen."""
    labels = {name: str(label) for name, label in case_words.PARTICULARS}
    return [
        (labels.get(name, ""), str(value))
        for name, value in item.content.items()
        if name not in {"title", "library_code"} and value not in {"", None}
    ]
