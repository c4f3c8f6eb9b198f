"""The log as tests read it."""

from flask import Flask

from audit.entries import Action, Entry
from audit.gate import Gate


def entries_of(app: Flask, action: Action | None = None, since: int = 0) -> list[Entry]:
    """Read the entries of the log from a number on, perhaps of one action only, oldest first."""
    gate: Gate = app.extensions["audit"]
    found = gate.reader.read(range(since, size_of(app)))
    entries = [found[seq].entry for seq in sorted(found)]
    return [entry for entry in entries if action in {None, entry.action}]


def size_of(app: Flask) -> int:
    """Tell how many entries the log has."""
    gate: Gate = app.extensions["audit"]
    return gate.health().size
