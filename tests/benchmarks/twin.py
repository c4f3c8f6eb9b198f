"""The plaintext twin of the case page: same template, rows and session; nothing sealed or logged.

It reads the skeleton, the rows of the items with their contents in plain text, and the names, each
with the query of the product or a simpler one. What was decided is kept from one real disclosure:
the twin decides nothing, writes no entry and unwraps no key.
"""

from collections import Counter

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import JSON, Column, MetaData, Table, bindparam, insert, select

from audit.entries import Kind
from config import clock
from config.database import IdColumn, db, stores
from config.settings import Settings
from pga.agreements import queries as agreements
from pga.cases import queries as cases
from pga.dossier.casefile import CaseFile
from pga.dossier.views.cases import case_page
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts
from pga.sharing.service.disclose import Disclosure, Look, OpenItem, disclose_one
from pga.sharing.service.seats import Viewer, find_seat
from pga.sharing.viewer import current_viewer
from wsgi import create_app

plain_item = Table(
    "plain_item", MetaData(), Column("id", IdColumn, primary_key=True), Column("content", JSON)
)
_ROWS = (
    select(SealedItem, plain_item.c.content)
    .join(plain_item, plain_item.c.id == SealedItem.id)
    .where(SealedItem.case_id == bindparam("case_id", type_=IdColumn))
    .order_by(SealedItem.created_at.desc(), SealedItem.id.desc())
    .execution_options(populate_existing=True)
)


def twin_of(settings: Settings, viewer: Viewer, case_id: bytes) -> Flask:
    """Make an app on the same stores whose case page is in plain text, for this viewer and case."""
    app = create_app(settings)
    with app.app_context():
        real = CaseFile(disclose_one(viewer, case_id, Look(Kind.OPENED)))
        told = {item.id: item for item in real.disclosure.items}
        sections = real.sections
        plain_item.create(stores().app)
        with stores().app.begin() as connection:
            rows = [{"id": key, "content": dict(item.content)} for key, item in told.items()]
            connection.execute(insert(plain_item), rows)
        veil = real.disclosure.veil
        db.session.remove()

    def plain_case(case_id: bytes) -> ResponseReturnValue:
        """Show the case."""
        today = clock.today()
        case = cases.cases_by_id([case_id])[case_id]
        version = agreements.agreements_by_id([case.agreement_id])[case.agreement_id]
        found = db.session.execute(_ROWS, {"case_id": case_id}).all()
        facts = CaseFacts(
            case=case,
            agreement=version,
            parties=(),
            signed=frozenset(),
            participants=cases.participants_of([case_id])[case_id],
            replacements=cases.replacements_of([case_id])[case_id],
            guardians=(),
            releases=(),
            decisions=(),
            notes=(),
            items=[row for row, _ in found],
            is_in_force=agreements.is_in_force(version, today),
            case_epoch=case.epoch,
            agreement_epoch=version.epoch,
        )
        seat = find_seat(facts, current_viewer(), today)
        assert seat is not None
        items = [
            OpenItem(
                row,
                content,
                told[row.id].decision,
                told[row.id].release,
                told[row.id].is_own,
                told[row.id].owner,
            )
            for row, content in found
        ]
        counts = dict(Counter(item.category for item in items))
        file = CaseFile(Disclosure(facts, seat, items, counts, veil))
        vars(file)["sections"] = sections
        return case_page(file)

    app.view_functions["dossier.case"] = plain_case
    return app
