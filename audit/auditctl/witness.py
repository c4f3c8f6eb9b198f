"""A witness (C2SP tlog-witness v1.0.0): cosigns a log as long as it only grows.

It keeps one row per log, the size and root it cosigned last, and moves it by compare-and-set before
it answers. It needs the standard library and `cryptography`, and a file for its rows.
"""

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from . import tree
from .checkpoints import Checkpoint, parse_checkpoint
from .notes import NoteError, SignerKey, VerifierKey, decimal, hashes, parse_note

ADD = "/add-checkpoint"
MOST_HASHES = 63
LONGEST_REQUEST = 64 * 1024
LONGEST_LENGTH = len(str(LONGEST_REQUEST))
PATIENCE = 10
"""Seconds a client gets for each step of a request, before its connection is closed."""
MOST_CLIENTS = 64
"""Connections at once; one more is closed, so that nobody takes all threads there are."""
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answers: a status, a kind of text and the text."""

    status: HTTPStatus
    text: str = ""
    kind: str = PLAIN


@dataclass(frozen=True, slots=True)
class Request:
    """What a log sends: the size it thinks we know, the proof from there, its checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """Write the body of the request."""
        lines = [f"old {self.old}", *(b64encode(one).decode() for one in self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note


def parse_request(body: bytes) -> Request:
    """Read the body of a request; raises NoteError when it is none."""
    head, separator, note = body.partition(b"\n\n")
    try:
        old, *proof = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        message = "a request begins with plain lines"
        raise NoteError(message) from error
    if not separator or not old.startswith("old ") or len(proof) > MOST_HASHES:
        message = "a request has an old size, at most 63 hashes, an empty line and a checkpoint"
        raise NoteError(message)
    return Request(decimal(old.removeprefix("old ")), tuple(hashes(proof)), note)


class Witness:
    """Cosigns the checkpoints of the logs it knows, by origin."""

    def __init__(
        self, path: Path, key: SignerKey, logs: Mapping[str, VerifierKey], now: Callable[[], int]
    ) -> None:
        """Open the file of what was cosigned; `now` gives seconds since the epoch."""
        self._path = path
        self._key = key
        self._logs = logs
        self._now = now
        with closing(self._open()) as rows:
            rows.execute(
                "CREATE TABLE IF NOT EXISTS cosigned"
                " (origin TEXT PRIMARY KEY, place TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,"
                " root BLOB NOT NULL, note BLOB NOT NULL)"
            )

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer a request to cosign, as the protocol says for each case."""
        try:
            request = parse_request(body)
            note = parse_note(request.note)
            checkpoint = parse_checkpoint(note.text)
        except NoteError as error:
            return Reply(HTTPStatus.BAD_REQUEST, f"{error}\n")
        key = self._logs.get(checkpoint.origin)
        if key is None:
            return Reply(HTTPStatus.NOT_FOUND, "this log is not known here\n")
        try:
            is_signed = bool(note.signed_by([key]))
        except NoteError:
            is_signed = False
        if not is_signed:
            return Reply(HTTPStatus.FORBIDDEN, "no known key of the log signed this\n")
        if request.old > checkpoint.size:
            return Reply(HTTPStatus.BAD_REQUEST, "the old size is larger than the new one\n")
        cosignature = str(self._key.sign(note.text, self._now()))
        refusal = self._move(request, checkpoint, request.note + cosignature.encode())
        return refusal or Reply(HTTPStatus.OK, cosignature)

    def checkpoint(self, path: str) -> Reply:
        """Give what was cosigned last of a log, by the address its monitors ask."""
        with closing(self._open()) as rows:
            row = rows.execute("SELECT note FROM cosigned WHERE place = ?", (path,)).fetchone()
        return Reply(HTTPStatus.OK, row[0].decode()) if row else Reply(HTTPStatus.NOT_FOUND)

    def _move(self, request: Request, checkpoint: Checkpoint, note: bytes) -> Reply | None:
        """Remember the new checkpoint if it follows from the last one; else say why not."""
        with closing(self._open()) as rows:
            rows.execute("BEGIN IMMEDIATE")
            row = rows.execute(
                "SELECT size, root FROM cosigned WHERE origin = ?", (checkpoint.origin,)
            ).fetchone()
            size, root = row or (0, tree.EMPTY_ROOT)
            if request.old != size:
                return Reply(HTTPStatus.CONFLICT, f"{size}\n", SIZE)
            if size == checkpoint.size and root != checkpoint.root:
                return Reply(HTTPStatus.CONFLICT, f"{size}\n", SIZE)
            try:
                _check(request, checkpoint, root)
            except tree.ProofError as error:
                return Reply(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error}\n")
            rows.execute(
                "INSERT OR REPLACE INTO cosigned VALUES (?, ?, ?, ?, ?)",
                (
                    *(checkpoint.origin, place_of(checkpoint.origin)),
                    *(checkpoint.size, checkpoint.root, note),
                ),
            )
            rows.execute("COMMIT")
        return None

    def _open(self) -> sqlite3.Connection:
        """Open the file; what is committed is on disk, and no power cut takes it back.

        With FULL a journal may still be there after a power cut that was deleted by a commit: then
        the commit is undone, and a size that was cosigned is forgotten.
        """
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA synchronous = EXTRA")
        return connection


def _check(request: Request, checkpoint: Checkpoint, root: bytes) -> None:
    """Follow the proof from what was cosigned last; from nothing there is nothing to prove."""
    if request.old == 0:
        if request.proof:
            message = "a proof from an empty log has no hashes"
            raise tree.ProofError(message)
        return
    tree.verify_consistency(request.old, checkpoint.size, request.proof, root, checkpoint.root)


def place_of(origin: str) -> str:
    """Give the address at which a witness shows what it cosigned of a log."""
    return f"/{sha256(origin.encode()).hexdigest()}/checkpoint"


class Server(ThreadingHTTPServer):
    """Serve so many clients at once, each in a thread of its own."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        """Listen at an address."""
        self._places = BoundedSemaphore(MOST_CLIENTS)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - inherited
        """Serve a client if there is a place."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Serve a client to its end, and give its place to another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()


def _length(text: str) -> int | None:
    """Read how long a body is; None when that is not said, or longer than a request may be."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_LENGTH):
        return None
    return int(text) if int(text) <= LONGEST_REQUEST else None


def serve(witness: Witness, host: str, port: int) -> Server:
    """Make the server of a witness; whoever calls this runs and closes it."""

    class Handler(BaseHTTPRequestHandler):
        """Speak HTTP for the witness."""

        protocol_version = "HTTP/1.1"
        timeout = PATIENCE

        def do_POST(self) -> None:
            """Answer a request to cosign; a body that is not read ends the connection."""
            length = _length(self.headers.get("Content-Length", ""))
            if self.path == ADD and length is not None:
                body = self.rfile.read(length)
                self._answer(lambda: witness.add_checkpoint(body))
                return
            self.close_connection = True
            is_ours = self.path == ADD
            self._send(
                Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_ours else HTTPStatus.NOT_FOUND)
            )

        def do_GET(self) -> None:
            """Answer a monitor."""
            self._answer(lambda: witness.checkpoint(self.path))

        def _answer(self, deed: Callable[[], Reply]) -> None:
            """Answer what the witness says, or that its file cannot be used now."""
            try:
                reply = deed()
            except sqlite3.Error:
                reply = Reply(HTTPStatus.SERVICE_UNAVAILABLE)
            self._send(reply)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Keep no line per request: the file of the witness says what it cosigned."""

        def _send(self, reply: Reply) -> None:
            """Write an answer."""
            data = reply.text.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Server((host, port), Handler)
