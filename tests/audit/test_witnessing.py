"""Our log and real witnesses: asked over HTTP, believed by signature, never in the way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select

from audit.auditctl.checkpoints import open_checkpoint
from audit.auditctl.notes import KeyType, Note, SignerKey, parse_note
from audit.auditctl.policies import Policy, parse_policy
from audit.auditctl.witness import Witness, serve
from audit.gate import Gate
from audit.models import audit_checkpoint, audit_cosig
from audit.publishing import Publication
from audit.signing import Signer
from audit.witnessing import BehindError, Quorum, WitnessError, ask, ask_all, newest_quorum
from config.clock import FrozenClock
from tests.audit.conftest import read_of

LOG = SignerKey("log.example/pga", b"l" * 32)
KEYS = [SignerKey(f"w{n}.example", bytes([n]) * 32, KeyType.COSIGNATURE) for n in (1, 2, 3)]


@contextmanager
def running(server: HTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def witnesses(tmp_path: Path) -> Iterator[list[str]]:
    """Three witnesses of three organisations, each a server of its own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                running(
                    serve(
                        Witness(tmp_path / f"{key.name}.db", key, {LOG.name: LOG.verifier}, now),
                        "127.0.0.1",
                        0,
                    )
                )
            )
            for key in KEYS
        ]


def now() -> int:
    return 1_700_000_000


def policy(urls: list[str], quorum: str = "group g 2 W1 W2 W3\nquorum g") -> Policy:
    lines = [
        f"witness W{n} {key.verifier} {url}"
        for n, (key, url) in enumerate(zip(KEYS, urls, strict=True), start=1)
    ]
    return parse_policy("\n".join([f"log {LOG.verifier}", *lines, quorum, ""]).encode())


@pytest.fixture
def grow(gate: Gate, clock: FrozenClock) -> Callable[[int], None]:
    def grow(count: int) -> None:
        gate.record_many([read_of() for _ in range(count)])
        clock.advance(timedelta(seconds=5))
        Signer(gate.engine, [LOG]).sign(clock.now())

    return grow


def test_every_witness_cosigns_a_log_that_grows(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None], witnesses: list[str]
) -> None:
    trusted = policy(witnesses)
    for count in (1, 300, 7):
        grow(count)
        assert ask_all(gate.engine, trusted, clock.now()) == ["W1", "W2", "W3"]
        with gate.engine.connect() as connection:
            note = parse_note(Publication(connection).checkpoint())
        assert set(trusted.cosigners(note)) == {"W1", "W2", "W3"}
    assert ask_all(gate.engine, trusted, clock.now()) == []


def test_a_witness_that_missed_some_is_asked_from_where_it_is(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None], witnesses: list[str]
) -> None:
    trusted = policy(witnesses)
    grow(5)
    ask_all(gate.engine, trusted, clock.now())
    with gate.engine.begin() as connection:
        connection.execute(audit_cosig.delete())
    grow(5)
    assert ask_all(gate.engine, trusted, clock.now()) == ["W1", "W2", "W3"]


def test_a_log_set_back_is_not_cosigned_and_says_so(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None], witnesses: list[str]
) -> None:
    trusted = policy(witnesses)
    grow(5)
    witness = trusted.witnesses["W1"]
    ask(gate.engine, witness, clock.now())
    grow(5)
    ask(gate.engine, witness, clock.now())
    # What the owner of the database does who sets the whole log back to an earlier day.
    with gate.engine.begin() as connection:
        connection.execute(audit_cosig.delete())
        _loosen(connection, "audit_checkpoint")
        connection.execute(delete(audit_checkpoint).where(audit_checkpoint.c.size == 10))
    with pytest.raises(BehindError) as error:
        ask(gate.engine, witness, clock.now())
    assert error.value.size == 10


def _loosen(connection: Connection, table: str) -> None:
    """Take the seat belts off a table, as its owner can."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
    else:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def test_the_quorum_is_met_without_the_witness_that_is_away(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None], witnesses: list[str]
) -> None:
    trusted = policy([witnesses[0], "http://127.0.0.1:9", witnesses[2]])
    assert newest_quorum(gate.engine, trusted) is None
    grow(5)
    at = clock.now()
    assert ask_all(gate.engine, trusted, at) == ["W1", "W3"]
    grow(1)
    found = newest_quorum(gate.engine, trusted)
    assert found == Quorum(5, at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_one_witness_is_no_quorum_of_two(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None], witnesses: list[str]
) -> None:
    grow(5)
    alone = policy([witnesses[0], "", ""])
    assert ask_all(gate.engine, alone, clock.now()) == ["W1"]
    assert newest_quorum(gate.engine, alone) is None


def test_without_witnesses_every_checkpoint_counts(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None]
) -> None:
    nobody = parse_policy(f"log {LOG.verifier}\nquorum none\n".encode())
    grow(3)
    found = newest_quorum(gate.engine, nobody)
    assert found is not None
    assert found.size == 3


def test_a_cosignature_counts_by_its_bytes_and_not_by_whose_the_row_says_it_is(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None]
) -> None:
    grow(5)
    with gate.engine.connect() as connection:
        text = parse_note(Publication(connection).signed.note).text
    for_others = [
        {"name": "W1", "line": str(KEYS[0].sign("another text\n", 1))},
        {"name": "W2", "line": "mailbox@partner.example"},
        {"name": "W3", "line": str(SignerKey("w3.example", b"x" * 32).sign(text))},
    ]
    with gate.engine.begin() as connection:
        connection.execute(
            audit_cosig.insert(), [{"size": 5, "ts": "", **one} for one in for_others]
        )
    assert newest_quorum(gate.engine, policy(["", "", ""])) is None
    with gate.engine.begin() as connection:
        connection.execute(delete(audit_cosig))
        for key in KEYS[:2]:
            line = str(key.sign(text, 1))
            connection.execute(audit_cosig.insert().values(size=5, name=key.name, line=line, ts=""))
    found = newest_quorum(gate.engine, policy(["", "", ""]))
    assert found is not None
    assert found.size == 5


@contextmanager
def answering(answer: Callable[[str], str]) -> Iterator[str]:
    """Serve a witness that answers whatever is made of the text of the checkpoint."""

    class Witnessing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said = answer(parse_note(body.partition(b"\n\n")[2]).text).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with running(HTTPServer(("127.0.0.1", 0), Witnessing)) as url:
        yield url


def test_nothing_is_published_that_a_witness_sends_beside_its_own_signature(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None]
) -> None:
    grow(5)

    def answer(text: str) -> str:
        in_the_name_of_the_log = LOG.sign("another text\n")
        others = [KEYS[1].sign("another text\n", 1), in_the_name_of_the_log] * 40
        return "".join(map(str, [*others, KEYS[0].sign(text, 7)]))

    with answering(answer) as url:
        trusted = policy([url, "", ""])
        assert ask_all(gate.engine, trusted, clock.now()) == ["W1"]
    with gate.engine.connect() as connection:
        published = Publication(connection).checkpoint()
    _, note = open_checkpoint(published, trusted.logs.keys())
    assert [one.name for one in note.signatures] == [LOG.name, KEYS[0].name]
    assert trusted.cosigners(note) == {"W1": 7}


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, "nonsense"),
        (200, str(KEYS[1].sign("another text\n", 1))),
        (200, str(KEYS[0].sign("another text\n", 1))),
        (200, b"\xff"),
        (403, "no"),
        (409, "no size"),
        (500, ""),
    ],
)
def test_a_witness_that_answers_something_else_is_not_believed(
    gate: Gate,
    clock: FrozenClock,
    grow: Callable[[int], None],
    status: int,
    answer: str | bytes,
) -> None:
    body = answer.encode() if isinstance(answer, str) else answer

    class Liar(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    grow(5)
    with running(HTTPServer(("127.0.0.1", 0), Liar)) as url:
        trusted = policy([url, "", ""])
        with pytest.raises(WitnessError):
            ask(gate.engine, trusted.witnesses["W1"], clock.now())
        assert ask_all(gate.engine, trusted, clock.now()) == []
    with gate.engine.connect() as connection:
        assert connection.scalars(select(audit_cosig.c.name)).all() == []


def test_a_witness_leads_us_to_no_other_address(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None]
) -> None:
    asked: list[str] = []

    class Leading(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(302)
            self.send_header("Location", "/beside")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x" * 1000)

        def do_GET(self) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    grow(5)
    with (
        running(HTTPServer(("127.0.0.1", 0), Leading)) as url,
        pytest.raises(WitnessError) as error,
    ):
        ask(gate.engine, policy([url, "", ""]).witnesses["W1"], clock.now())
    assert asked == ["/add-checkpoint"]
    assert str(error.value) == f"302 {'x' * 200}"


def test_what_two_signers_are_told_is_kept_once(
    gate: Gate, clock: FrozenClock, grow: Callable[[int], None]
) -> None:
    grow(5)
    with gate.engine.connect() as connection:
        note = Publication(connection).signed.note
    text = parse_note(note).text
    line = str(KEYS[0].sign(text, 1)).encode()

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            # The other signer was answered first.
            with gate.engine.begin() as connection:
                connection.execute(
                    audit_cosig.insert().values(size=5, name="W1", line=line.decode(), ts="")
                )
            self.send_response(200)
            self.send_header("Content-Length", str(len(line)))
            self.end_headers()
            self.wfile.write(line)

        def log_message(self, *_: object) -> None:
            pass

    with running(HTTPServer(("127.0.0.1", 0), Slow)) as url:
        assert ask(gate.engine, policy([url, "", ""]).witnesses["W1"], clock.now()) is False
    assert Note(text, ()).text == text
