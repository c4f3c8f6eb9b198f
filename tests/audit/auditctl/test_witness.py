"""The witness: every answer of the protocol, and never two trees under one name."""

import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest

from audit.auditctl import tree
from audit.auditctl.checkpoints import Checkpoint, parse_checkpoint
from audit.auditctl.notes import KeyType, Note, NoteError, SignerKey, parse_note, parse_signatures
from audit.auditctl.witness import (
    LONGEST_REQUEST,
    MOST_HASHES,
    Reply,
    Request,
    Witness,
    parse_request,
    place_of,
    serve,
)

LOG = SignerKey("log.example/pga", b"l" * 32)
OTHER = SignerKey("other.example", b"o" * 32)
KEY = SignerKey("witness.example/w1", b"w" * 32, KeyType.COSIGNATURE)
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(40)]
FORKED = [tree.leaf_hash(b"x"), *LEAVES[1:]]


def checkpoint(size: int, leaves: list[bytes] = LEAVES, origin: str = LOG.name) -> Checkpoint:
    return Checkpoint(origin, size, tree.root(tree.append([], 0, leaves[:size])))


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> tuple[bytes, ...]:
    def node(level: int, position: int) -> bytes:
        return tree.perfect_root(leaves[position << level : (position + 1) << level])

    return tuple(tree.consistency_proof(old, new, node)) if old else ()


def request(
    old: int,
    new: int,
    leaves: list[bytes] = LEAVES,
    signer: SignerKey = LOG,
    origin: str = LOG.name,
) -> Request:
    text = checkpoint(new, leaves, origin).text
    note = str(Note(text, (signer.sign(text),))).encode()
    return Request(old, proof(old, new, leaves) if old <= new else (), note)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness.db", KEY, {LOG.name: LOG.verifier}, lambda: 1_700_000_000)


def ask(witness: Witness, asked: Request) -> Reply:
    return witness.add_checkpoint(asked.encode())


def test_a_log_that_only_grows_is_cosigned_each_time(witness: Witness) -> None:
    sizes = [0, 1, 5, 8, 8, 40]
    for old, new in zip([0, *sizes], sizes, strict=False):
        asked = request(old, new)
        reply = ask(witness, asked)
        assert reply.status == HTTPStatus.OK, new
        text = checkpoint(new).text
        cosigned = Note(text, parse_signatures(reply.text))
        assert cosigned.signed_by([KEY.verifier]) == {KEY.verifier: 1_700_000_000}


def test_a_fork_is_never_cosigned(witness: Witness) -> None:
    ask(witness, request(0, 8))
    assert ask(witness, request(8, 20, FORKED)).status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ask(witness, request(8, 8, FORKED)).status == HTTPStatus.CONFLICT
    assert ask(witness, request(8, 20)).status == HTTPStatus.OK


def test_a_log_that_was_rolled_back_is_told_what_was_cosigned(witness: Witness) -> None:
    ask(witness, request(0, 20))
    reply = ask(witness, request(8, 12))
    assert (reply.status, reply.text, reply.kind) == (
        HTTPStatus.CONFLICT,
        "20\n",
        "text/x.tlog.size",
    )
    assert ask(witness, request(20, 12)).status == HTTPStatus.BAD_REQUEST


def test_what_was_cosigned_is_remembered_by_the_next_process(
    witness: Witness, tmp_path: Path
) -> None:
    ask(witness, request(0, 20))
    again = Witness(tmp_path / "witness.db", KEY, {LOG.name: LOG.verifier}, lambda: 1)
    assert ask(again, request(0, 8)).text == "20\n"


def test_a_log_that_is_not_known_or_did_not_sign_is_refused(witness: Witness) -> None:
    unknown = request(0, 8, signer=OTHER, origin=OTHER.name)
    assert ask(witness, unknown).status == HTTPStatus.NOT_FOUND
    assert ask(witness, request(0, 8, signer=OTHER)).status == HTTPStatus.FORBIDDEN
    forged = request(0, 8)
    wrong = forged.note.replace(b"\n8\n", b"\n9\n")
    assert ask(witness, Request(0, (), wrong)).status == HTTPStatus.FORBIDDEN


def test_a_proof_from_nothing_is_empty(witness: Witness) -> None:
    asked = request(0, 8)
    padded = Request(0, (b"h" * 32,), asked.note)
    assert ask(witness, padded).status == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1\n",
        b"older 1\n\nnote",
        b"old 01\n\nnote",
        b"old -1\n\nnote",
        b"old 1\nAAAA\n\nnote",
        b"old \xff\n\nnote",
        b"old 1\n\nno note",
        b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\nnote",
    ],
)
def test_what_is_no_request_is_refused(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == HTTPStatus.BAD_REQUEST


def test_sixty_three_hashes_are_read_and_one_more_is_not() -> None:
    most = Request(1, (b"h" * 32,) * MOST_HASHES, b"note")
    assert parse_request(most.encode()) == most
    with pytest.raises(NoteError):
        parse_request(Request(1, (b"h" * 32,) * (MOST_HASHES + 1), b"note").encode())


def test_of_two_requests_at_once_one_moves_the_witness(witness: Witness) -> None:
    ask(witness, request(0, 8))
    barrier = threading.Barrier(2)
    replies: list[int] = []

    def send(new: int) -> None:
        barrier.wait()
        replies.append(ask(witness, request(8, new)).status)

    threads = [threading.Thread(target=send, args=(new,)) for new in (20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [HTTPStatus.OK, HTTPStatus.CONFLICT]


@pytest.fixture
def served(witness: Witness) -> Iterator[HTTPConnection]:
    server = serve(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_speaks_http_and_keeps_the_connection(served: HTTPConnection) -> None:
    for asked, status in ((request(0, 8), 200), (request(0, 8), 409), (request(8, 9), 200)):
        served.request("POST", "/add-checkpoint", asked.encode())
        reply = served.getresponse()
        assert reply.status == status
        assert reply.headers["Content-Type"].startswith("text/")
        reply.read()


@pytest.mark.parametrize("length", ["x", "-1", str(LONGEST_REQUEST + 1)])
def test_a_body_without_a_sound_length_is_not_read(served: HTTPConnection, length: str) -> None:
    served.putrequest("POST", "/add-checkpoint")
    served.putheader("Content-Length", length)
    served.endheaders()
    assert served.getresponse().status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_monitor_reads_what_was_cosigned_last(served: HTTPConnection) -> None:
    served.request("GET", place_of(LOG.name))
    reply = served.getresponse()
    assert (reply.status, reply.read()) == (HTTPStatus.NOT_FOUND, b"")
    for old, new in ((0, 8), (8, 12)):
        served.request("POST", "/add-checkpoint", request(old, new).encode())
        served.getresponse().read()
    served.request("GET", place_of(LOG.name))
    shown = parse_note(served.getresponse().read())
    assert parse_checkpoint(shown.text) == checkpoint(12)
    assert set(shown.signed_by([LOG.verifier, KEY.verifier])) == {LOG.verifier, KEY.verifier}


def test_any_other_address_is_not_there(served: HTTPConnection) -> None:
    served.request("POST", "/other", b"")
    assert served.getresponse().status == HTTPStatus.NOT_FOUND
