"""The triggers that keep hands off the log.

They are seat belts: the owner of the database can drop them. What notices a change is the tree
(`audit.verify`) and what was signed of it, not the database.
"""

from collections.abc import Collection
from types import MappingProxyType

_APPEND_ONLY = "the log is append-only"


def _sqlite_fixed(table: str) -> tuple[str, str]:
    """Refuse to change or delete rows of a table in SQLite."""
    return (
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    )


def _postgresql_fixed(table: str) -> tuple[str, str, str]:
    """Refuse to change, delete or truncate rows of a table in PostgreSQL."""
    return (
        f"""CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$""",
        f"""CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
        f"""CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    )


_SQLITE = MappingProxyType(
    {
        "audit_entry": (
            *_sqlite_fixed("audit_entry"),
            # REPLACE fires no delete trigger in SQLite, so an insert must be the next number.
            """CREATE TRIGGER IF NOT EXISTS audit_entry_next BEFORE INSERT ON audit_entry
            WHEN new.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM audit_entry)
            BEGIN SELECT RAISE(ABORT, 'an entry must take the next number'); END""",
        ),
        "audit_tile": (
            *_sqlite_fixed("audit_tile"),
            """CREATE TRIGGER IF NOT EXISTS audit_tile_once BEFORE INSERT ON audit_tile
            WHEN EXISTS (SELECT 1 FROM audit_tile WHERE level = new.level AND n = new.n)
            BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
        ),
        "audit_payload": (
            """CREATE TRIGGER IF NOT EXISTS audit_payload_sealed
            BEFORE UPDATE OF seq, salts, nonce, ct ON audit_payload
            BEGIN SELECT RAISE(ABORT, 'a payload is erased, never changed'); END""",
        ),
        "audit_checkpoint": (
            *_sqlite_fixed("audit_checkpoint"),
            """CREATE TRIGGER IF NOT EXISTS audit_checkpoint_grows BEFORE INSERT ON audit_checkpoint
            WHEN new.size <= (SELECT max(size) FROM audit_checkpoint)
            BEGIN SELECT RAISE(ABORT, 'a checkpoint is larger than the one before'); END""",
        ),
    }
)
_POSTGRESQL = MappingProxyType(
    {
        "audit_entry": (
            *_postgresql_fixed("audit_entry"),
            # Once per statement, for a batch is one: no number without the one before it.
            """CREATE OR REPLACE FUNCTION audit_next() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF EXISTS (SELECT 1 FROM new_rows n WHERE n.seq <> 0
            AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.seq = n.seq - 1)) THEN
            RAISE EXCEPTION 'an entry must take the next number'; END IF; RETURN NULL; END $$""",
            """CREATE OR REPLACE TRIGGER audit_entry_next AFTER INSERT ON audit_entry
            REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_next()""",
        ),
        "audit_tile": _postgresql_fixed("audit_tile"),
        "audit_payload": (
            _postgresql_fixed("audit_payload")[0],
            """CREATE OR REPLACE TRIGGER audit_payload_sealed
            BEFORE UPDATE OF seq, salts, nonce, ct ON audit_payload
            FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
        ),
        "audit_checkpoint": _postgresql_fixed("audit_checkpoint"),
    }
)
_BELTS = MappingProxyType({"sqlite": _SQLITE, "postgresql": _POSTGRESQL})


def seat_belts(dialect: str, tables: Collection[str] = _SQLITE.keys()) -> list[str]:
    """List the statements that make tables append-only on a database; safe to run again."""
    return [statement for table in tables for statement in _BELTS[dialect][table]]
