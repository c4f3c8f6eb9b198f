"""Pages that read: the case, one item, and what a viewer asks the case manager."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.entries import Kind
from pga.cases.rules import ENDED, CaseState
from pga.dossier import words
from pga.dossier.casefile import CaseFile, newest_first
from pga.dossier.rules import ItemKind
from pga.dossier.service import contributions
from pga.dossier.timeline import grounds_of, lines
from pga.dossier.views.addresses import address
from pga.dossier.views.blueprint import dossier
from pga.sharing.service.changes import sit_down
from pga.sharing.service.decisions import register_lines_of
from pga.sharing.service.disclose import Look, Selection, disclose_one
from pga.sharing.viewer import current_viewer
from pga.sharing.words import register_line

PER_PAGE = 25
ANY_PART = "any-part"
ONLY_NEW = "new"
SHOWN_KINDS = {
    "interventions": frozenset({ItemKind.INTERVENTION}),
    "decisions": frozenset({ItemKind.DECISION}),
    "contributions": frozenset({ItemKind.CONTRIBUTION, ItemKind.YOUTH_VIEW, ItemKind.FAMILY}),
}


@dossier.get("/cases/<id:case_id>")
def case(case_id: bytes) -> ResponseReturnValue:
    """Show a case as far as the viewer may consult it."""
    return case_page(CaseFile(disclose_one(current_viewer(), case_id, Look(Kind.OPENED))))


def case_page(file: CaseFile) -> str:
    """Write the page of a case, narrowed and turned to as the address asks."""
    case_id = file.case.id
    part = request.args.get("part", "")
    show = request.args.get("show", "")
    since = request.args.get("since", "")
    new = file.newer_than(_instant(since))
    found = newest_first(
        [
            item
            for item in file.timeline
            if (not part or item.category == part)
            and (show not in SHOWN_KINDS or item.row.kind in SHOWN_KINDS[show])
            and (show != ONLY_NEW or item.id in new)
        ]
    )
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, int)), pages)

    def where_read(item_id: bytes) -> str:
        return address("dossier.item", case_id, item_id=item_id)

    def at_page(number: int) -> str:
        return url_for(
            ".case",
            case_id=case_id,
            part=part or None,
            show=show or None,
            since=since or None,
            page=number,
        )

    return render_template(
        "dossier/case.html",
        file=file,
        shown=lines(found[(page - 1) * PER_PAGE : page * PER_PAGE], file, where_read, new),
        new=new,
        part_address=_part_addresses(case_id),
        part=part if part in {section.category for section in file.sections} else "",
        choices=[
            (
                label,
                url_for(".case", case_id=case_id, show=value or None, since=since or None),
                value == show and not part,
            )
            for value, label in words.timeline_choices(has_new=bool(new))
        ],
        number=page,
        pages=pages,
        previous=at_page(page - 1) if page > 1 else None,
        next=at_page(page + 1) if page < pages else None,
        gone=not file.facts.is_in_force or CaseState(file.case.state) in ENDED,
    )


def _instant(text: str) -> datetime | None:
    """Read since when an address asks what is new; nothing when that is no instant."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _part_addresses(case_id: bytes) -> Callable[[str], str]:
    """Give where the parts of a case are read; the pattern is built once."""
    pattern = url_for(".case", case_id=case_id, part=ANY_PART, _anchor="what")
    before, after = pattern.split(ANY_PART)
    return lambda code: f"{before}{code}{after}"


@dossier.get("/cases/<id:case_id>/items/<id:item_id>")
def item(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Consult one item (Raadplegen); an item that is closed or not there gives the same answer."""
    look = Look(Kind.OPENED, Selection(item_ids=frozenset({item_id})))
    file = CaseFile(disclose_one(current_viewer(), case_id, look))
    shown = file.disclosure.items[0]
    return render_template(
        "dossier/item_page.html",
        file=file,
        item=shown,
        grounds=grounds_of(shown, file.seat.partner),
        register_lines=[
            register_line(line)
            for line in (register_lines_of(file.facts, shown.row) if shown.is_own else [])
        ],
    )


@dossier.post("/cases/<id:case_id>/ask")
def ask(case_id: bytes) -> ResponseReturnValue:
    """Ask the case manager about a closed section."""
    desk = sit_down(current_viewer(), case_id)
    contributions.ask_case_manager(desk, request.form.get("category", ""))
    flash(_("The case manager has your question."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@dossier.post("/cases/<id:case_id>/items/<id:item_id>/done")
def finish(case_id: bytes, item_id: bytes) -> ResponseReturnValue:
    """Mark an action as done."""
    contributions.finish_action(sit_down(current_viewer(), case_id), item_id)
    flash(_("Done. The action is finished."), "success")
    target = request.form.get("back")
    home = target == "home"
    return redirect(url_for(".home") if home else url_for(".case", case_id=case_id), 303)
