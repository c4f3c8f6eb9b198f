"""The log as the tests of auth read it, and how they make it fail."""

from flask import Flask
from sqlalchemy import text

from audit.entries import Action, Entry
from audit.gate import Gate


def entries_of(app: Flask, action: Action | None = None) -> list[Entry]:
    """Read the entries of the log, perhaps of one action only, oldest first."""
    gate: Gate = app.extensions["audit"]
    found = gate.reader.read(range(gate.health().size))
    entries = [found[seq].entry for seq in sorted(found)]
    return [entry for entry in entries if action in {None, entry.action}]


def break_log(app: Flask) -> None:
    """Let the database of the log refuse every further entry."""
    with app.extensions["stores"].audit.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON audit_entry"
                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )
        )
