"""The plaintext twin of the case page: same template, rows and session; nothing sealed or logged.

It reads the skeleton, the rows of the items with their contents in plain text, and the names, each
as the product reads or in a simpler way. What was decided is kept from one real disclosure:
the twin decides nothing, writes no entry and unwraps no key.
"""

from collections import Counter
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import JSON, BindParameter, Column, MetaData, Table, bindparam, insert, select

from audit.entries import Kind
from config import clock
from config.database import IdColumn, db, stores
from config.gathering import Gathered
from config.settings import Settings
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement
from pga.cases.models import Case, Participant, Replacement
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
_CASE_ID: BindParameter[bytes] = bindparam("case_id", type_=IdColumn)
_AGREEMENT_ID = select(Case.agreement_id).where(Case.id == _CASE_ID)
_SKELETON = Gathered(
    *(
        select(*model.__table__.columns).where(condition)
        for model, condition in (
            (Case, Case.id == _CASE_ID),
            (Agreement, Agreement.id.in_(_AGREEMENT_ID)),
            (Participant, Participant.case_id == _CASE_ID),
            (Replacement, Replacement.case_id == _CASE_ID),
        )
    )
)
_ROWS = (
    select(*(c for c in SealedItem.__table__.columns if c.name != "blob"), plain_item.c.content)
    .join(plain_item, plain_item.c.id == SealedItem.id)
    .where(SealedItem.case_id == _CASE_ID)
    .order_by(SealedItem.created_at.desc(), SealedItem.id.desc())
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
        connection = db.session.connection()
        asked = {"case_id": case_id}
        (case,), (version,), participants, replacements = _SKELETON.read(connection, asked)
        found: list[Any] = list(connection.execute(_ROWS, asked))
        facts = CaseFacts(
            case=case,
            agreement=version,
            parties=(),
            signed=frozenset(),
            participants=sorted(participants, key=lambda p: (p.from_on, p.id)),
            replacements=replacements,
            guardians=(),
            releases=(),
            decisions=(),
            notes=(),
            items=found,
            is_in_force=agreements.is_in_force(version, today),
            case_epoch=case.epoch,
            agreement_epoch=version.epoch,
        )
        seat = find_seat(facts, current_viewer(), today)
        assert seat is not None
        items = [
            OpenItem(
                row,
                row.content,
                told[row.id].decision,
                told[row.id].release,
                told[row.id].is_own,
                told[row.id].owner,
            )
            for row in found
        ]
        counts = dict(Counter(item.category for item in items))
        file = CaseFile(Disclosure(facts, seat, items, counts, veil))
        vars(file)["sections"] = sections
        return case_page(file)

    app.view_functions["dossier.case"] = plain_case
    return app
