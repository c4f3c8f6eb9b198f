"""The PDF of a version, and the page that tells whether a PDF or file is the same as what runs."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from config import clock
from config.errors import InvalidInputError
from pga.agreements.service import matching
from pga.agreements.service.matching import LARGEST
from pga.agreements.views.blueprint import agreements, colleague, desk_of
from pga.agreements.views.files import file_name
from pga.web import forms
from pga.web.i18n import language


@agreements.get("/agreements/<id:agreement_id>/pdf")
def pdf(agreement_id: bytes) -> ResponseReturnValue:
    """Give a version as a PDF, with its file in it and the signatures it has by now."""
    agreement = desk_of(agreement_id).agreement
    made = matching.print_of(agreement, clock.now(), language())
    response = Response(made, mimetype="application/pdf")
    name = file_name(agreement).removesuffix(".yaml")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return response


@agreements.get("/agreements/check")
def compare_copy() -> ResponseReturnValue:
    """Ask for a PDF or file."""
    return render_template("agreements/copy.html", form=forms.blank(), match=None)


@agreements.post("/agreements/check")
def check_copy() -> ResponseReturnValue:
    """Tell whether a PDF or file is the same as a version, and whether that one is in force."""
    chosen = request.files.get("file")
    form = forms.blank()
    try:
        found = matching.match(colleague(), chosen.read(LARGEST + 1) if chosen else b"")
    except InvalidInputError as refused:
        form = form.refused(refused.fields)
        return render_template("agreements/copy.html", form=form, match=None), 422
    return render_template("agreements/copy.html", form=form, match=found)
