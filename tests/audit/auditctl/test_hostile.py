"""Exports, policies and requests that somebody made to break whoever reads them."""

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest

from audit.auditctl import export, witness
from audit.auditctl.__main__ import main
from audit.auditctl.export import BrokenError, Folder, Payload, parse_payload
from audit.auditctl.notes import KeyType, Note, NoteError, SignerKey, decimal
from audit.auditctl.paths import WIDTH, Resource, decode_bundle, parse_path
from audit.auditctl.policies import parse_policy
from audit.auditctl.witness import LONGEST_REQUEST, Witness, serve
from tests.audit.auditctl.folders import LOG, entry, policy, write

KEY = SignerKey("witness.example/w1", b"w" * 32, KeyType.COSIGNATURE)
DEEP = "[" * 30_000
SALTS = json.dumps([bytes(32).hex()] * 3)


def test_a_number_no_database_holds_is_no_number() -> None:
    assert decimal(str(2**63 - 1)) == 2**63 - 1
    with pytest.raises(NoteError):
        decimal(str(2**63))


def test_a_path_of_any_length_is_refused_without_being_counted() -> None:
    assert parse_path(f"tile/0/{'x001/' * 6}000").number == 1_001_001_001_001_001_000
    with pytest.raises(NoteError):
        parse_path(f"tile/0/{'x001/' * 5000}000")


def test_a_bundle_of_more_entries_than_a_tile_is_refused() -> None:
    assert len(decode_bundle(bytes(2 * WIDTH))) == WIDTH
    with pytest.raises(NoteError):
        decode_bundle(bytes(2 * WIDTH + 2))


def test_entries_behind_those_of_a_bundle_are_not_passed_over(tmp_path: Path) -> None:
    folder = Folder(write(tmp_path, [entry(seq) for seq in range(3)]))
    name = tmp_path / "tile/entries/000.p/3"
    name.write_bytes(name.read_bytes() + b"\x00\x01x")
    with pytest.raises(BrokenError):
        folder.entries(Resource(None, 0, 3))


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000", "checkpoint"])
def test_a_file_longer_than_any_may_be_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    longest = 100_000  # above every file of this log
    monkeypatch.setattr(export, "LONGEST_FILE", longest)
    write(tmp_path, [entry(seq) for seq in range(WIDTH)])
    assert main(["verify", str(tmp_path)]) == 0
    with (tmp_path / name).open("r+b") as stream:
        stream.truncate(2**40)  # takes no room, but would take memory
    assert main(["verify", str(tmp_path)]) == 1
    assert len(Folder(tmp_path).read(name)) == longest + 1


@pytest.mark.parametrize(
    "line",
    [
        DEEP,
        "[]",
        "{}",
        f'{{"seq":1e999,"salts":{SALTS},"parts":["","",""]}}',
        f'{{"seq":NaN,"salts":{SALTS},"parts":["","",""]}}',
        f'{{"seq":1,"salts":{SALTS},"parts":{{}}}}',
        '{"seq":1,"salts":[1,2,3],"parts":["","",""]}',
    ],
)
def test_what_is_no_payload_is_refused(line: str) -> None:
    with pytest.raises(NoteError):
        parse_payload(line.encode())


@pytest.mark.parametrize("leaf", [DEEP, "[]", '{"c":[]}', '{"c":7}', '{"c":{}}', '"c"'])
def test_an_entry_of_any_form_is_a_fault_and_no_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], leaf: str
) -> None:
    folder = write(tmp_path, [leaf.encode()])
    said = Payload(0, (bytes(32),) * 3, ("", "", ""))
    (folder / "payloads.jsonl").write_bytes(said.encode())
    for command in (["open", str(folder), "0"], ["gaps", str(folder)]):
        assert main([*command, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["first_bad"] == 0


def test_a_payload_of_half_characters_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    folder = write(tmp_path, [entry(0)])
    line = f'{{"seq":0,"salts":{SALTS},"parts":["\\ud800","",""]}}\n'
    (folder / "payloads.jsonl").write_text(line, "utf-8")
    assert main(["open", str(folder), "0"]) == 1


def test_what_a_log_says_gives_no_orders_to_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = ("", "", "\x1b]0;owned\x07 \x9b2J")
    salts = (bytes(32),) * 3
    made = [
        sha256(b"audit-c/v1\x00" + salt + part.encode()).hexdigest()
        for salt, part in zip(salts, parts, strict=True)
    ]
    leaf = {"c": dict(zip(("actor", "object", "payload"), made, strict=True))}
    folder = write(tmp_path, [json.dumps(leaf).encode()])
    (folder / "payloads.jsonl").write_bytes(Payload(0, salts, parts).encode())
    assert main(["open", str(folder), "0"]) == 0
    said = capsys.readouterr().out
    assert said.removesuffix("\n").isprintable()
    assert "\\x1b]0;owned\\x07 \\x9b2J" in said


def test_groups_within_groups_without_end_are_counted_all_the_same() -> None:
    groups = [f"group g{n} all g{n - 1}" for n in range(1, 5000)]
    lines = [f"witness W {KEY.verifier}", "group g0 any W", *groups, "quorum g4999", ""]
    trusted = parse_policy("\n".join(lines).encode())
    assert trusted.is_met(["W"])
    assert not trusted.is_met(["g4998"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "witness.db"


@pytest.fixture
def port(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve a witness that has little patience."""
    monkeypatch.setattr(witness, "PATIENCE", 0.1)
    server = serve(Witness(file, KEY, {LOG.name: LOG.verifier}, lambda: 1), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def asked() -> bytes:
    text = f"{LOG.name}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    return b"old 0\n\n" + str(Note(text, (LOG.sign(text),))).encode()


@pytest.mark.parametrize(
    "sent", [b"", b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nold"]
)
def test_a_client_that_says_no_more_is_left(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(sent)
        said = iter(lambda: client.recv(1000), b"")  # a server that waits on lets this time out
        assert b" 200 " not in b"".join(said)


def test_one_client_more_than_there_are_places_is_left_and_the_next_is_served(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "MOST_CLIENTS", 2)
    server = serve(Witness(file, KEY, {}, lambda: 1), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    address = ("127.0.0.1", server.server_port)
    waiting = [socket.create_connection(address, timeout=10) for _ in range(2)]
    with socket.create_connection(address, timeout=10) as one_more:
        assert one_more.recv(1) == b""
    for client in waiting:
        client.sendall(b"GET /any HTTP/1.0\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 404")
        client.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("length", ["9" * 5000, str(LONGEST_REQUEST + 1), "\u0663", ""])
def test_a_length_of_any_form_is_refused(port: int, length: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", "/add-checkpoint")
    connection.putheader("Content-Length", length.encode())
    connection.endheaders()
    assert connection.getresponse().status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    connection.close()


def test_a_body_that_was_not_read_is_not_taken_for_the_next_request(port: int) -> None:
    body = b"GET /hidden HTTP/1.1\r\n\r\n"
    request = b"POST /other HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(request)
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert answer.count(b"HTTP/1.1 404") == 1


def test_a_witness_that_cannot_remember_cosigns_nothing(port: int, file: Path) -> None:
    with sqlite3.connect(file) as rows:
        rows.execute("ALTER TABLE cosigned RENAME TO away")
    rows.close()
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    for method, path in (("POST", "/add-checkpoint"), ("GET", "/any")):
        connection.request(method, path, asked())
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (HTTPStatus.SERVICE_UNAVAILABLE, b"")
    connection.close()


def test_no_power_cut_takes_back_what_a_witness_cosigned(file: Path) -> None:
    rows = Witness(file, KEY, {}, lambda: 1)._open()
    assert rows.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert rows.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA: the folder is synced too
    rows.close()


def test_a_policy_in_other_letters_is_still_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, [entry(0)])
    (folder / "policy").write_bytes(
        policy("none").encode().replace(b"witness W ", b"witness \xff ")
    )
    assert main(["verify", str(folder)]) == 0
    assert "udcff" in capsys.readouterr().out
