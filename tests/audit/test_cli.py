"""The commands of the log, and the gate of an app."""

import signal
import sys
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import update

from audit import cli, gate, history, proofs, queries, signing
from audit.auditctl.__main__ import main as auditctl
from audit.auditctl.checkpoints import open_checkpoint
from audit.auditctl.notes import parse_verifier
from audit.entries import Action
from audit.models import audit_head, audit_payload
from audit.verify import State, Verdict
from config.database import settings, stores
from tests.audit.conftest import CASE, read_of, write_of
from tests.audit.tamper import Owner


def verify(app: Flask) -> tuple[int, str]:
    """Run `pga audit verify` on an app; give exit code and what it printed."""
    found = CliRunner().invoke(cli.audit_group, ["verify"], obj=ScriptInfo(create_app=lambda: app))
    return found.exit_code, found.output


def test_verify_ends_with_0_for_a_log_as_it_was_written(app: Flask) -> None:
    with app.app_context():
        gate.record(read_of())
    code, said = verify(app)
    assert code == 0
    assert said.startswith("ok: 1 entries, root ")


def test_verify_ends_with_1_and_prints_the_first_bad_number(app: Flask) -> None:
    with app.app_context():
        gate.record_many([read_of() for _ in range(4)])
        Owner(gate.gate().engine).change(audit_payload, 2, nonce=bytes(12))
    code, said = verify(app)
    assert code == 1
    assert said.startswith("tampered: first bad sequence number 2: ")


def test_verify_ends_with_2_when_the_log_cannot_be_read_whole(app: Flask) -> None:
    with app.app_context(), gate.gate().engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit_subject")
    code, said = verify(app)
    assert code == 2
    assert said.startswith("incomplete: ")


def test_erased_payloads_are_counted() -> None:
    verdict = Verdict(State.OK, 3, "ab", erased=2)
    assert cli._say(verdict) == "ok: 3 entries, 2 payloads erased as announced, root ab"


def test_on_a_terminal_verify_shows_how_far_it_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli._show(256, 300)
    cli._show(300, 300)
    assert capsys.readouterr().err == "\r256 of 300\r300 of 300\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert verify(app)[0] == 0


def test_rooms_write_and_read_the_log_of_their_app(app: Flask) -> None:
    with app.app_context():
        first, second = gate.record_many([read_of(), write_of(0, 1)])
        assert [found.seq for found in queries.accesses(case_id=CASE)] == [1, 0]
        assert queries.payload(first.seq).fault is None
        assert history.case_states(CASE).intents[0][0] == second.event_id
        assert proofs.inclusion_proof(second.seq).size == 2


def test_a_broken_log_ends_the_process(app: Flask) -> None:
    told: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        _ = frame
        told.append(number)

    before = signal.signal(signal.SIGTERM, note)
    try:
        with app.app_context():
            gate.gate().writer._on_fault()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == [signal.SIGTERM]


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(
        cli.audit_group, list(arguments), obj=ScriptInfo(create_app=lambda: app)
    )
    return found.exit_code, found.output


def test_the_log_signs_itself_under_its_origin_and_says_its_key(app: Flask) -> None:
    with app.app_context():
        gate.record(read_of())
        engine, origin = stores().audit, settings().log_origin
    assert run(app, "sign", "--once") == (0, "")
    code, key = run(app, "key")
    assert code == 0
    with engine.connect() as connection:
        signed = signing.newest(connection)
    assert signed is not None
    assert open_checkpoint(signed.note, [parse_verifier(key.strip())])[0].origin == origin


def test_over_a_log_that_was_cut_the_signer_ends_with_1(app: Flask) -> None:
    with app.app_context():
        gate.record_many([read_of() for _ in range(4)])
        run(app, "sign", "--once")
        Owner(gate.gate().engine).run(update(audit_head).values(size=3))
    assert run(app, "sign", "--once")[0] == 1
    assert run(app, "sign")[0] == 1


def test_an_export_is_signed_first_and_says_its_root(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        gate.record_many([read_of() for _ in range(3)])
    code, said = run(app, "export", str(tmp_path / "a"))
    assert (code, said.startswith(f"{tmp_path / 'a'}: 3 entries, root ")) == (0, True)
    assert auditctl(["verify", str(tmp_path / "a")]) == 0


def test_what_the_entries_say_is_exported_with_a_reason_that_is_entered_first(
    app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        gate.record(read_of())
    assert run(app, "export", str(tmp_path), "--payloads")[0] == 2
    code, said = run(app, "export", str(tmp_path), "--payloads", "--reason", "Inspectie")
    assert code == 0, said
    assert "2 entries, with what 2 of them say" in said
    assert auditctl(["open", str(tmp_path), "1"]) == 0
    with app.app_context():
        opened = gate.gate().reader.read([1])[1]
    assert (opened.entry.action, opened.entry.reason) == (Action.LOG_VIEW, "Inspectie")


def test_the_product_starts_a_witness_as_the_verifier_does(tmp_path: Path) -> None:
    found = CliRunner().invoke(cli.witness, ["--help"])
    assert found.exit_code == 0
    assert "usage: pga witness" in found.output
    absent = CliRunner().invoke(
        cli.witness, [str(tmp_path / "no-key"), "--log", "x", "--store", str(tmp_path / "db")]
    )
    assert absent.exit_code in {1, 2}
