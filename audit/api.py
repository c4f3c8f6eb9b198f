"""What the log publishes, over HTTP (C2SP tlog-tiles): `/audit/v1/checkpoint` and its tiles.

Entries hold commitments only, but they show how much is done and by which rules. So they are for
partners and auditors with a token, and for who oversees; never for everybody.
"""

import hmac
import re
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request

from audit.auditctl.notes import NoteError
from audit.auditctl.paths import WIDTH, parse_path
from audit.publishing import Publication
from config.database import settings, stores
from config.errors import NotFoundError, SettingsError

log_api = Blueprint("log_api", __name__, url_prefix="/audit/v1")

SECONDS_FRESH = 2
SECONDS_KEPT = 365 * 24 * 3600
_BEARER = "Bearer "
_LINE = re.compile(r"(\S+) ([0-9a-f]{64})")


@log_api.get("/checkpoint")
def checkpoint() -> Response:
    """Give the newest signed checkpoint, with the cosignatures of witnesses."""
    with stores().audit.connect() as connection:
        note = Publication(connection).checkpoint()
    response = Response(note, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = f"private, max-age={SECONDS_FRESH}"
    return response


@log_api.get("/tile/<path:rest>")
def tile(rest: str) -> Response:
    """Give a tile of hashes or a bundle of entries, full or as far as the newest checkpoint."""
    try:
        resource = parse_path(f"tile/{rest}")
    except NoteError as error:
        raise NotFoundError from error
    with stores().audit.connect() as connection:
        data = Publication(connection).resource(resource)
    response = Response(data, content_type="application/octet-stream")
    if resource.width == WIDTH:
        response.headers["Cache-Control"] = f"private, max-age={SECONDS_KEPT}, immutable"
    return response


def bears_token() -> bool:
    """Tell whether the request bears the token of somebody on the list of readers.

    The list holds a name and the SHA-256 of a token per line; a line that is taken out ends the
    right at the next request. Raises SettingsError for a list that cannot be read.
    """
    path = settings().log_readers
    given = request.headers.get("Authorization", "")
    if path is None or not given.startswith(_BEARER):
        return False
    hashed = sha256(given.removeprefix(_BEARER).encode()).hexdigest()
    return any(hmac.compare_digest(hashed, known) for known in readers(path).values())


def readers(path: Path) -> dict[str, str]:
    """Read who may read the log: the hash of a token by name; raises SettingsError."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        message = f"PGA_LOG_READERS cannot be read: {error}"
        raise SettingsError(message) from error
    found = {}
    for line in lines:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            message = "PGA_LOG_READERS: a line is a name, a space and the SHA-256 of a token"
            raise SettingsError(message)
        found[match[1]] = match[2]
    return found
