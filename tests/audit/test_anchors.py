"""Checkpoints held elsewhere: a real time stamp authority, a real mail server, and their faults."""

import socket
import subprocess
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from audit.anchors import AnchorError, Mailbox, TimeStamper, check_stamp, hold
from audit.auditctl.notes import SignerKey
from audit.gate import Gate
from audit.models import audit_checkpoint, audit_cosig
from audit.signing import Signer, newest
from config.clock import FrozenClock
from tests.audit.conftest import read_of

LOG = SignerKey("log.example/pga", b"l" * 32)
EXTENSIONS = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa_config]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_chain = yes
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate authority and a time stamp key under it, both of openssl."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "openssl.cnf").write_text(EXTENSIONS.format(folder=folder), "utf-8")
    (folder / "serial").write_text("01\n", "utf-8")
    for name in ("ca", "tsa"):
        openssl(folder, "genpkey", "-algorithm", "RSA", "-out", f"{name}.key")
    shared = ("-config", "openssl.cnf", "-days", "3650")
    openssl(
        folder, "req", "-x509", "-key", "ca.key", "-subj", "/CN=CA", *shared,
        "-extensions", "ca", "-out", "ca.pem",
    )  # fmt: skip
    openssl(
        folder, "req", "-x509", "-key", "tsa.key", "-subj", "/CN=TSA", *shared,
        "-CA", "ca.pem", "-CAkey", "ca.key", "-extensions", "tsa", "-out", "tsa.pem",
    )  # fmt: skip
    return folder


def serving(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """Serve one answer per request over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stamper(authority: Path) -> Iterator[TimeStamper]:
    def answer(query: bytes) -> bytes:
        (authority / "query").write_bytes(query)
        openssl(
            authority, "ts", "-reply", "-config", "openssl.cnf", "-section", "service",
            "-queryfile", "query", "-out", "reply",
        )  # fmt: skip
        return (authority / "reply").read_bytes()

    for url in serving(answer):
        yield TimeStamper(url, authority / "ca.pem")


class Sink:
    """Keeps the mails it is sent."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802, ANN401 - as the library calls it
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Sink, Mailbox]]:
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, "127.0.0.1", port)
    controller.start()
    yield sink, Mailbox(f"127.0.0.1:{port}", "privacy@gemeente.example")
    controller.stop()


@pytest.fixture
def grow(gate: Gate, clock: FrozenClock) -> Callable[[timedelta], None]:
    def grow(after: timedelta) -> None:
        clock.advance(after)
        gate.record(read_of())
        Signer(gate.engine, [LOG]).sign(clock.now())

    return grow


def other_root(folder: Path) -> bytes:
    """Make the certificate of another authority."""
    openssl(folder, "genpkey", "-algorithm", "RSA", "-out", "other.key")
    openssl(
        folder, "req", "-x509", "-key", "other.key", "-subj", "/CN=Other", "-config",
        "openssl.cnf", "-extensions", "ca", "-out", "other.pem",
    )  # fmt: skip
    return (folder / "other.pem").read_bytes()


def kept(gate: Gate, name: str) -> list[tuple[int, str]]:
    with gate.engine.connect() as connection:
        query = select(audit_cosig.c.size, audit_cosig.c.line).where(audit_cosig.c.name == name)
        return [(row.size, row.line) for row in connection.execute(query.order_by("size"))]


def test_the_newest_checkpoint_is_stamped_and_mailed_once_an_hour(
    gate: Gate,
    clock: FrozenClock,
    grow: Callable[[timedelta], None],
    stamper: TimeStamper,
    mail: tuple[Sink, Mailbox],
) -> None:
    sink, mailbox = mail
    assert hold(gate.engine, clock.now(), stamper, mailbox) == []
    grow(timedelta(0))
    assert hold(gate.engine, clock.now(), stamper, mailbox) == ["rfc3161", "mail"]
    grow(timedelta(minutes=59))
    assert hold(gate.engine, clock.now(), stamper, mailbox) == []
    grow(timedelta(minutes=1))
    assert hold(gate.engine, clock.now(), stamper, mailbox) == ["rfc3161", "mail"]
    assert [size for size, _ in kept(gate, "rfc3161")] == [1, 3]
    assert [size for size, _ in kept(gate, "mail")] == [1, 3]
    assert len(sink.mails) == 2


def test_a_log_that_stands_still_is_not_stamped_again(
    gate: Gate, clock: FrozenClock, grow: Callable[[timedelta], None], mail: tuple[Sink, Mailbox]
) -> None:
    grow(timedelta(0))
    hold(gate.engine, clock.now(), None, mail[1])
    clock.advance(timedelta(days=1))
    assert hold(gate.engine, clock.now(), None, mail[1]) == []


def test_a_stamp_is_about_one_checkpoint_and_one_authority(
    gate: Gate, clock: FrozenClock, grow: Callable[[timedelta], None], stamper: TimeStamper
) -> None:
    grow(timedelta(0))
    hold(gate.engine, clock.now(), stamper, None)
    with gate.engine.connect() as connection:
        signed = newest(connection)
    assert signed is not None
    token = b64decode(kept(gate, "rfc3161")[0][1])
    roots = stamper.roots.read_bytes()
    assert check_stamp(token, signed.note, roots).tzinfo is not None
    with pytest.raises(ValueError, match="not right"):
        check_stamp(token, signed.note + b"x", roots)
    with pytest.raises(ValueError, match="not right"):
        check_stamp(token, signed.note, other_root(stamper.roots.parent))


def test_what_is_mailed_is_the_signed_checkpoint_and_names_nobody(
    gate: Gate, clock: FrozenClock, grow: Callable[[timedelta], None], mail: tuple[Sink, Mailbox]
) -> None:
    sink, mailbox = mail
    grow(timedelta(0))
    hold(gate.engine, clock.now(), None, mailbox)
    (message,) = sink.mails
    (attached,) = message.iter_attachments()
    with gate.engine.connect() as connection:
        note = connection.scalar(select(audit_checkpoint.c.note))
    assert attached.get_content() == note
    assert message["Subject"] == "Checkpoint logboek, 1 regels"


def test_a_server_that_is_away_or_answers_nonsense_is_an_error(
    gate: Gate, clock: FrozenClock, grow: Callable[[timedelta], None], authority: Path
) -> None:
    grow(timedelta(0))
    roots = authority / "ca.pem"
    with pytest.raises(AnchorError):
        hold(gate.engine, clock.now(), TimeStamper("http://127.0.0.1:9", roots), None)
    with pytest.raises(AnchorError):
        hold(gate.engine, clock.now(), None, Mailbox("127.0.0.1:9", "privacy@gemeente.example"))
    for url in serving(lambda _query: b"nonsense"):
        with pytest.raises(AnchorError):
            hold(gate.engine, clock.now(), TimeStamper(url, roots), None)
    assert kept(gate, "rfc3161") == kept(gate, "mail") == []
