"""Tampering with the log as the owner of its database would: the seat belts off, any row changed.

Whoever owns the database can also recompute the tree over what was changed; `cover` does that, so
that a test shows what is noticed even then.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Engine,
    Executable,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

from audit import tiles
from audit.auditctl import tree
from audit.models import (
    audit_checkpoint,
    audit_entry,
    audit_head,
    audit_index,
    audit_kek,
    audit_payload,
    audit_subject,
    audit_tile,
)

NUMBERED = (audit_entry, audit_payload, audit_index, audit_subject)


class Owner:
    """The owner of the log's database, with the seat belts off."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                names = connection.scalars(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).all()
                for name in names:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                for table in (audit_entry, audit_payload, audit_tile, audit_checkpoint):
                    connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL")

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Put every row back after the block, so that one log serves many deeds."""
        kept = {
            table: [row._mapping for row in self.read(select(table))]
            for table in (*NUMBERED, audit_tile, audit_head, audit_kek)
        }
        yield
        for table, rows in kept.items():
            self.run(delete(table))
            if rows:
                self.run(insert(table), [dict(row) for row in rows])

    def change(self, table: Table, seq: int, **values: object) -> None:
        """Change columns of the rows of one entry."""
        self.run(update(table).where(table.c.seq == seq).values(values))

    def edit_leaf(self, seq: int, old: bytes, new: bytes, *, rehash: bool = True) -> None:
        """Write something else in a leaf, with its hash made to fit unless told otherwise."""
        leaf = bytes(self.read(select(audit_entry.c.leaf).where(audit_entry.c.seq == seq))[0][0])
        assert old in leaf
        changed = leaf.replace(old, new)
        values: dict[str, object] = {"leaf": changed}
        if rehash:
            values["leaf_hash"] = tree.leaf_hash(changed)
        self.change(audit_entry, seq, **values)

    def remove(self, seq: int, *tables: Table) -> None:
        """Delete the rows of one entry from these tables, from all without any named."""
        for table in tables or NUMBERED:
            self.run(delete(table).where(table.c.seq == seq))

    def swap(self, one: int, other: int, *tables: Table) -> None:
        """Let two entries change places in these tables, in all without any named."""
        for table in tables or NUMBERED:
            self.renumber(table, {one: other, other: one})

    def push_in(self, seq: int) -> None:
        """Insert a copy of the entry at `seq` before it, and let all that follow move up."""
        size = self.size()
        for table in NUMBERED:
            rows = self.read(select(table).where(table.c.seq == seq))
            self.renumber(table, {number: number + 1 for number in range(seq, size)})
            for row in rows:
                values = dict(row._mapping)
                if table is audit_entry:
                    values["event_id"] = "0" * 32
                self.run(insert(table).values(values))

    def cut(self, first: int) -> None:
        """Delete the tail of the log from one number on; the head stays."""
        for table in NUMBERED:
            self.run(delete(table).where(table.c.seq >= first))

    def size(self) -> int:
        """Tell the size the head names."""
        return int(self.read(select(audit_head.c.size))[0][0])

    def cover(self) -> None:
        """Recompute tiles, frontier and root over what stands there now."""
        hashes = [
            bytes(row[0])
            for row in self.read(select(audit_entry.c.leaf_hash).order_by(audit_entry.c.seq))
        ]
        self.run(delete(audit_tile))
        made: dict[tuple[int, int], bytes] = {}
        for level, number, data in tiles.completed(
            0, hashes, lambda *_: [], lambda level, number: made[level, number]
        ):
            made[level, number] = data
            self.run(insert(audit_tile).values(level=level, n=number, data=data))
        frontier = tree.append([], 0, hashes)
        self.run(
            update(audit_head).values(
                size=len(hashes), frontier=b"".join(frontier), root=tree.root(frontier)
            )
        )

    def run(self, statement: Executable, rows: list[dict[str, Any]] | None = None) -> None:
        """Run a statement and commit it."""
        with self._engine.begin() as connection:
            connection.execute(statement, rows)

    def read(self, query: Select[Any]) -> Sequence[Any]:
        """Read rows."""
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def renumber(self, table: Table, numbers: dict[int, int]) -> None:
        """Give rows other numbers, by way of numbers nobody has."""
        seq = table.c.seq
        away = update(table).where(seq == bindparam("old")).values(seq=-1 - bindparam("old"))
        back = update(table).where(seq == -1 - bindparam("old")).values(seq=bindparam("new"))
        pairs = [{"old": old, "new": new} for old, new in numbers.items()]
        with self._engine.begin() as connection:
            connection.execute(away, pairs)
            connection.execute(back, pairs)
