"""A small world for sealed records: an app on stores of its own, a case, people and the gate."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select, text

from audit import gate, history
from audit.entries import Action, Actor, Entry, Kind, Line
from audit.history import CaseHistory
from config import clock, database, keys
from config.database import db, fresh_connection, stores, transaction
from config.ids import new_id
from config.settings import Settings
from pga.agreements.models import Agreement, AgreementState
from pga.cases.models import Case
from pga.cases.service import NewCase
from pga.records import service as records
from pga.records.models import SealedItem

REGION = "GM0361"
POLICE, PERSON = b"P" * 16, b"p" * 16
ACTOR = Actor(
    person=PERSON.hex(),
    organisation=POLICE.hex(),
    partner="POL",
    role="professional",
    session="s1",
    auth_level="password",
)


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Run an app with stores, keys and the gate, and nothing else."""
    app = Flask("records")
    database.init_app(app, settings)
    keys.init_app(app)
    gate.init_app(app)
    with app.app_context():
        try:
            yield app
        finally:
            gate.gate().close()
            db.session.remove()
            stores().dispose()


def create(text: str = "noted", category: str = "D05", **more: object) -> records.Create:
    """An item of the police."""
    values: dict[str, object] = {
        "category": category,
        "purpose": "HELP",
        "kind": "contribution",
        "owner_organisation_id": POLICE,
        "owner_partner": "POL",
        "author_person_id": PERSON,
        "content": {"text": text},
        **more,
    }
    return records.Create(**values)  # type: ignore[arg-type]


@dataclass
class World:
    """One agreement and what tests do with its cases."""

    agreement_id: bytes = field(default_factory=new_id)
    is_there: bool = False

    def __post_init__(self) -> None:
        if self.is_there:
            return
        with transaction():
            db.session.add(
                Agreement(
                    id=self.agreement_id,
                    municipality=REGION,
                    track="youth",
                    name="test",
                    version="1",
                    state=AgreementState.ACTIVE,
                    document="",
                    policy_hash="",
                    valid_from=date(2026, 1, 1),
                    valid_until=date(2027, 1, 1),
                    created_at=clock.now(),
                )
            )

    def new_case(self) -> NewCase:
        return NewCase(new_id(), REGION, "youth", self.agreement_id, "HELP", POLICE, None)

    def start(self, *changes: records.Change, index: Sequence[records.Identity] = ()) -> bytes:
        """Start a case with these items; gives its id."""
        new = self.new_case()
        entry = self.entry(Action.CREATE, new.id)
        records.start_case(entry, new, changes or (create(),), index=index)
        return new.id

    def entry(self, action: Action, case_id: bytes, **more: object) -> Entry:
        case = case_id.hex()
        return replace(Entry(action=action, actor=ACTOR, object=case, case_id=case), **more)  # type: ignore[arg-type]

    def write(
        self,
        case_id: bytes,
        *changes: records.Change,
        then: Callable[[], None] | None = None,
    ) -> records.Written:
        return records.write(self.entry(Action.UPDATE, case_id), case_id, changes, then)

    def items(self, case_id: bytes) -> list[SealedItem]:
        """The rows of a case as a decision would read them."""
        rows = db.session.scalars(
            select(SealedItem)
            .where(SealedItem.case_id == case_id)
            .order_by(SealedItem.created_at, SealedItem.id)
            .execution_options(populate_existing=True)
        )
        return list(rows)

    def ask(self, case_id: bytes, items: Sequence[SealedItem] | None = None) -> records.Opening:
        """Decide to open items (all unless given), enter it, and get the receipt."""
        found = self.items(case_id) if items is None else list(items)
        with fresh_connection() as connection:
            case_epoch, agreement_epoch = connection.execute(
                select(Case.epoch, Agreement.epoch)
                .join(Agreement, Agreement.id == Case.agreement_id)
                .where(Case.id == case_id)
            ).one()
        entry = self.entry(
            Action.CONSULT,
            case_id,
            kind=Kind.OPENED,
            lines=(
                Line("POL", "D05", "allowed", "r1", "allowed", tuple(i.id.hex() for i in found)),
            ),
            case_epoch=case_epoch,
            agreement_epoch=agreement_epoch,
        )
        return records.Opening(gate.record(entry), entry, case_id, found)

    def read(self, case_id: bytes) -> list[str]:
        """Open every item of a case; gives their texts in order of writing."""
        asked = self.ask(case_id)
        contents = records.open_items([asked]).whole()
        return [str(contents[item.id]["text"]) for item in asked.items]

    def epoch(self, case_id: bytes) -> int:
        with fresh_connection() as connection:
            return connection.execute(select(Case.epoch).where(Case.id == case_id)).scalar_one()

    def history(self, case_id: bytes) -> CaseHistory:
        return history.case_states_many([case_id.hex()])[case_id.hex()]

    def sql(self, statement: str, **values: object) -> int:
        """Change the app store behind the back of the product, as its owner could."""
        with stores().app.begin() as connection:
            return connection.execute(text(statement), values).rowcount

    def sql_keys(self, statement: str, **values: object) -> int:
        """Change the keys store behind the back of the product."""
        with stores().keys.begin() as connection:
            return connection.execute(text(statement), values).rowcount

    def logged(self) -> list[str]:
        """The actions in the log, in order."""
        with stores().audit.connect() as connection:
            rows = connection.execute(
                text("SELECT action FROM audit_index WHERE line = 0 ORDER BY seq")
            )
            return list(rows.scalars())

    def newest(self) -> Entry:
        """Read the newest entry of the log."""
        reader = gate.gate().reader
        with reader.engine.connect() as connection:
            number = connection.execute(text("SELECT max(seq) FROM audit_entry")).scalar_one()
            return reader.open(reader.rows(connection, [number])[0]).entry

    @contextmanager
    def overtaken(
        self, case_id: bytes, times: int, change: records.Change | None = None
    ) -> Iterator[None]:
        """Let another writer be first, between the intent of a write and its rows."""
        record, left = gate.record, [times]

        def overtaking(entry: Entry) -> gate.Receipt:
            receipt = record(entry)
            if entry.action is Action.UPDATE and left[0] > 0:
                left[0] -= 1
                with patch.object(gate, "record", record):
                    self.write(case_id, change or create("overtaken"))
            return receipt

        with patch.object(gate, "record", overtaking):
            yield
