"""Two versions beside each other, in words: who gains, who loses, and which terms change."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from config.errors import NotFoundError
from config.ids import ID_BYTES, from_hex
from pga.agreements import differences, queries, term_words
from pga.agreements.changed_terms import changed_terms
from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement
from pga.agreements.reading import VersionBeside, versions_beside
from pga.agreements.service.desk import Desk, may_see
from pga.agreements.texts import table_of_text
from pga.agreements.views.blueprint import agreements, desk_of
from pga.policy.diff import diff


@agreements.get("/agreements/<id:agreement_id>/compare")
def compare(agreement_id: bytes) -> ResponseReturnValue:
    """Show what changes from another version to this one."""
    desk = desk_of(agreement_id)
    beside = versions_beside(desk.agreement)
    other = _other(desk, beside)
    if other is None:
        return render_template("agreements/editor/compare.html", desk=desk, beside=beside)
    catalogue = catalogue_of(desk.agreement)
    before = table_of_text(other.document, catalogue)
    after = table_of_text(desk.agreement.document, catalogue)
    difference = diff(before, after)
    return render_template(
        "agreements/editor/compare.html",
        desk=desk,
        beside=beside,
        other=other,
        difference=difference,
        story=differences.story_of(difference.cells),
        terms=changed_terms(difference.terms, before.document, after.document),
        parts=term_words.PARTS,
    )


def _other(desk: Desk, beside: Sequence[VersionBeside]) -> Agreement | None:
    """Read the version to compare with: the one asked for, else the one before, else the model.

    Raises NotFoundError for one that does not exist for this person.
    """
    asked = request.args.get("with", "")
    if not asked:
        known = {one.id for one in beside}
        near = (desk.agreement.previous_id, desk.agreement.model_id)
        other_id = next((one for one in near if one in known), None)
        if other_id is None:
            return None
    elif len(asked) == 2 * ID_BYTES and set(asked) <= set("0123456789abcdef"):
        other_id = from_hex(asked)
    else:
        raise NotFoundError
    other = queries.agreements_by_id([other_id]).get(other_id)
    if other is None or not may_see(desk.colleague, other):
        raise NotFoundError
    return other
