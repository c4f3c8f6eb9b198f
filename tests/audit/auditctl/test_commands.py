"""`auditctl` on exported logs: what holds, what was touched, what is missing."""

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.auditctl import notes
from audit.auditctl.__main__ import main
from audit.auditctl.checkpoints import Checkpoint
from audit.auditctl.notes import Note, SignerKey
from audit.auditctl.tree import leaf_hash
from tests.audit.auditctl.folders import LOG, entry, mth, payload_of, policy, write

Answer = tuple[int, dict[str, Any]]
Run = Callable[..., Answer]
SIZE = 600
ENTRIES = [entry(seq) for seq in range(SIZE)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("export"), ENTRIES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, ENTRIES)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> Answer:
        code = main([*map(str, arguments), "--json"])
        answer = json.loads(capsys.readouterr().out)
        assert answer["verdict"] == ("ok", "tampered", "incomplete")[code]
        return code, answer

    return run


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 65_537])
def test_a_log_of_any_size_verifies(run: Run, tmp_path: Path, size: int) -> None:
    entries = [b"entry %d" % seq for seq in range(size)]
    code, answer = run("verify", write(tmp_path, entries))
    assert (code, answer["size"], answer["origin"]) == (0, size, LOG.name)


def test_an_empty_log_verifies(run: Run, tmp_path: Path) -> None:
    assert run("verify", write(tmp_path, []))[0] == 0


def test_what_holds_names_the_witnesses_that_cosigned(run: Run, whole: Path) -> None:
    assert run("verify", whole)[1]["cosigners"] == {"W": 1_700_000_000}


@pytest.mark.parametrize("seq", [0, 255, 256, 599])
def test_an_edited_entry_is_named(run: Run, folder: Path, seq: int) -> None:
    bundle = next((folder / "tile/entries").glob(f"{seq // 256:03}*"))
    bundle = next(bundle.iterdir()) if bundle.is_dir() else bundle
    data = bundle.read_bytes().replace(ENTRIES[seq], ENTRIES[seq].replace(b"READ", b"BEAD"))
    bundle.write_bytes(data)
    assert run("verify", folder) == (
        1,
        {"verdict": "tampered", "first_bad": seq, "why": run("verify", folder)[1]["why"]},
    )


def test_an_entry_edited_with_its_tiles_does_not_lead_to_the_signed_root(
    run: Run, folder: Path
) -> None:
    signed = (folder / "checkpoint").read_bytes()
    write(folder, [b"other", *ENTRIES[1:]])
    (folder / "checkpoint").write_bytes(signed)
    assert run("verify", folder)[1]["why"] == "the entries do not lead to the root that was signed"


@pytest.mark.parametrize("name", ["tile/0/000", "tile/1/000.p/2", "tile/0/002.p/88"])
def test_a_changed_tile_is_named(run: Run, folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[-1] ^= 1
    (folder / name).write_bytes(data)
    code, answer = run("verify", folder)
    assert code == 1
    assert name in answer["why"]


@pytest.mark.parametrize("name", ["tile/0/001", "tile/entries/001"])
def test_a_tile_of_another_length_is_tampered(run: Run, folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert run("verify", folder)[1]["first_bad"] == 256


def test_a_bundle_with_too_few_entries_is_tampered(run: Run, folder: Path) -> None:
    (folder / "tile/entries/000").write_bytes(b"\x00\x01x")
    assert run("verify", folder)[1]["first_bad"] == 0


@pytest.mark.parametrize("name", ["checkpoint", "policy", "tile/0/001", "tile/entries/000"])
def test_a_missing_file_makes_an_export_incomplete(run: Run, folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert run("verify", folder)[0] == 2


def test_a_full_tile_stands_in_for_a_partial_one(run: Run, folder: Path) -> None:
    small = write(folder / "small", ENTRIES[:300])
    for name in ("tile/0/001", "tile/entries/001"):
        (small / name).write_bytes((folder / name).read_bytes())
    for path in [*small.glob("tile/0/*.p/*"), *small.glob("tile/entries/*.p/*")]:
        path.unlink()
    assert run("verify", small)[0] == 0


def test_a_forged_signature_is_tampered(run: Run, folder: Path) -> None:
    text = (folder / "checkpoint").read_text("utf-8")
    (folder / "checkpoint").write_text(text.replace("600", "599"), "utf-8")
    assert run("verify", folder)[0] == 1


def test_without_its_quorum_a_log_is_incomplete_though_it_holds(run: Run, folder: Path) -> None:
    (folder / "policy").write_text(policy("W"), "utf-8")
    assert run("verify", folder)[0] == 0
    text = Checkpoint(LOG.name, SIZE, mth_of(ENTRIES)).text
    (folder / "checkpoint").write_bytes(str(Note(text, (LOG.sign(text),))).encode())
    assert run("verify", folder)[0] == 2


def mth_of(entries: list[bytes]) -> bytes:
    return mth([leaf_hash(one) for one in entries])


def older(folder: Path, size: int, entries: list[bytes]) -> Path:
    text = Checkpoint(LOG.name, size, mth_of(entries[:size])).text
    path = folder / "older"
    path.write_bytes(str(Note(text, (LOG.sign(text),))).encode())
    return path


@pytest.mark.parametrize("size", [0, 1, 255, 256, 300, 600])
def test_an_older_checkpoint_is_the_beginning_of_the_log(run: Run, folder: Path, size: int) -> None:
    assert run("consistency", older(folder, size, ENTRIES), folder)[0] == 0


def test_a_log_that_was_rewritten_or_cut_is_not_the_one_that_was_seen(
    run: Run, folder: Path
) -> None:
    rewritten = [b"other", *ENTRIES[1:]]
    assert run("consistency", older(folder, 300, rewritten), folder)[0] == 1
    assert run("consistency", older(folder, 700, [*ENTRIES, *ENTRIES]), folder)[0] == 1


def test_a_checkpoint_of_another_log_says_nothing_of_this_one(run: Run, folder: Path) -> None:
    other = SignerKey("other.example", b"o" * 32)
    text = Checkpoint(other.name, 3, mth_of(ENTRIES[:3])).text
    (folder / "theirs").write_bytes(str(Note(text, (other.sign(text),))).encode())
    (folder / "policy").write_text(f"log {other.verifier}\n{policy()}", "utf-8")
    code, answer = run("consistency", folder / "theirs", folder)
    assert (code, answer["why"]) == (1, "the checkpoints are of two different logs")


@pytest.mark.parametrize("seq", [0, 255, 256, 511, 512, 599])
def test_a_proof_of_an_entry_holds_anywhere(
    run: Run, whole: Path, tmp_path: Path, seq: int
) -> None:
    out = tmp_path / "one.tlog-proof"
    assert run("proof", whole, str(seq), "--out", out)[0] == 0
    paper = tmp_path / "payload.json"
    paper.write_bytes(payload_of(seq).encode())
    trust = ("--policy", whole / "policy", "--entry", out.with_suffix(".json"))
    assert run("check", out, *trust) == run("check", out, *trust, "--payload", paper)
    assert run("check", out, *trust)[1]["seq"] == seq
    paper.write_bytes(payload_of(seq + 1).encode())
    assert run("check", out, *trust, "--payload", paper)[0] == 1


def test_a_proof_without_a_policy_proves_nothing(run: Run, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.tlog-proof"
    run("proof", whole, "7", "--out", out)
    assert run("check", out, "--entry", out.with_suffix(".json"))[0] == 2
    assert run("check", out, "--entry", tmp_path / "gone", "--policy", whole / "policy")[0] == 2


def test_an_entry_outside_the_log_has_no_proof(run: Run, whole: Path) -> None:
    assert run("proof", whole, "600")[0] == 1


def test_what_an_entry_says_is_shown_only_when_it_commits_to_it(run: Run, folder: Path) -> None:
    lines = b"".join(payload_of(seq).encode() for seq in (3, 4))
    (folder / "payloads.jsonl").write_bytes(lines)
    code, answer = run("open", folder, "4")
    assert (code, answer["says"]) == (0, '{"n":4}')
    assert run("open", folder, "5")[0] == 2
    (folder / "payloads.jsonl").write_bytes(lines.replace(b"a4", b"a5"))
    assert run("open", folder, "4")[0] == 1
    (folder / "payloads.jsonl").write_bytes(b"{}")
    assert run("open", folder, "4")[0] == 1


def test_an_export_without_payloads_opens_nothing(run: Run, whole: Path) -> None:
    assert run("open", whole, "4")[0] == 2


def test_erasures_are_listed_and_a_time_that_falls_is_a_fault(run: Run, tmp_path: Path) -> None:
    times = [f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3)]
    entries = [entry(0, time=times[0]), entry(1, "retention.erase", times[1])]
    assert run("gaps", write(tmp_path / "a", entries))[1]["erasures"] == [1]
    assert run("gaps", write(tmp_path / "b", [*entries, entry(2, time=times[0])]))[0] == 1
    assert run("gaps", write(tmp_path / "c", [b"no entry"]))[0] == 1


def test_an_entry_without_commitments_opens_nothing(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path, [b"no entry"])
    (folder / "payloads.jsonl").write_bytes(payload_of(0).encode())
    assert run("open", folder, "0")[0] == 1


def test_without_json_the_answer_is_one_line(
    whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(whole)]) == 0
    assert capsys.readouterr().out.startswith(f"ok: origin {LOG.name}, size 600, root ")


def test_the_verifier_needs_nothing_of_this_house(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(Path(notes.__file__).parent, tmp_path / "auditctl")
    command = [sys.executable, "-m", "auditctl", "verify", str(whole), "--json"]
    alone = {"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, check=False)
    assert json.loads(done.stdout)["verdict"] == "ok"


def test_a_witness_is_two_commands(run: Run, tmp_path: Path) -> None:
    code, made = run("keygen", tmp_path / "key", "--name", "witness.example/w1")
    assert code == 0
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o400
    command = [sys.executable, "-m", "audit.auditctl", "witness", str(tmp_path / "key")]
    options = [
        "--log",
        str(LOG.verifier),
        "--store",
        str(tmp_path / "w.db"),
        "--bind",
        "127.0.0.1:0",
    ]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        port = said.strip().rpartition(":")[2]
        checkpoint = write(tmp_path / "log", ENTRIES[:3]).joinpath("checkpoint").read_bytes()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/add-checkpoint", b"old 0\n\n" + checkpoint
        )
        with urllib.request.urlopen(asked, timeout=10) as reply:  # noqa: S310 - our own process
            assert reply.read().decode().startswith("\u2014 witness.example/w1 ")
        process.terminate()
        assert process.wait(10) == 0
    assert made["vkey"] in said


def test_a_key_file_that_is_there_stays(run: Run, tmp_path: Path) -> None:
    run("keygen", tmp_path / "key", "--name", "witness.example/w1")
    assert run("keygen", tmp_path / "key", "--name", "witness.example/w1")[0] == 2


def test_a_terminal_sees_how_far_it_is(
    whole: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    main(["verify", str(whole)])
    assert "600 of 600" in capsys.readouterr().err
