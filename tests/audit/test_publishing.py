"""What a log publishes is what the stand-alone verifier accepts, and never more than was signed."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from audit.auditctl import tree
from audit.auditctl.__main__ import main
from audit.auditctl.notes import KeyType, SignerKey
from audit.auditctl.paths import Resource, decode_bundle, resources
from audit.auditctl.policies import parse_policy
from audit.auditctl.receipts import parse_proof
from audit.auditctl.verifying import check_payload
from audit.gate import Gate
from audit.models import audit_cosig, audit_payload
from audit.publishing import (
    NotSignedError,
    Publication,
    disclose,
    export,
    payload_of,
    policy_text,
)
from audit.signing import Signer
from audit.verify import quiet
from config.clock import FrozenClock
from config.errors import NotFoundError
from tests.audit.conftest import read_of
from tests.audit.tamper import Owner

KEY = SignerKey("log.example/pga", b"k" * 32)
WITNESS = SignerKey("witness.example", b"w" * 32, KeyType.COSIGNATURE)
POLICY = policy_text([KEY.verifier])


@pytest.fixture
def signed(gate: Gate, clock: FrozenClock) -> Gate:
    """A log of 600 entries that was signed, and that grew since."""
    gate.record_many([read_of() for _ in range(600)])
    Signer(gate.engine, [KEY]).sign(clock.now())
    gate.record_many([read_of() for _ in range(5)])
    return gate


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    main([*map(str, arguments), "--json"])
    return dict(json.loads(capsys.readouterr().out))


def test_an_export_is_what_the_verifier_accepts(
    signed: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(signed.engine, tmp_path, POLICY, quiet).size == 600
    assert run(capsys, "verify", tmp_path)["verdict"] == "ok"
    assert run(capsys, "gaps", tmp_path)["size"] == 600


def test_an_export_grows_in_place(
    signed: Gate, tmp_path: Path, clock: FrozenClock, capsys: pytest.CaptureFixture[str]
) -> None:
    export(signed.engine, tmp_path, POLICY, quiet)
    old = tmp_path / "old"
    old.write_bytes((tmp_path / "checkpoint").read_bytes())
    Signer(signed.engine, [KEY]).sign(clock.now())
    export(signed.engine, tmp_path, POLICY, quiet)
    assert run(capsys, "verify", tmp_path)["size"] == 605
    assert run(capsys, "consistency", old, tmp_path)["verdict"] == "ok"


def test_an_export_that_was_cut_off_is_finished_later(
    signed: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class CutOffError(Exception):
        pass

    def cut_off(done: int, size: int) -> None:
        raise CutOffError(done, size)

    with pytest.raises(CutOffError):
        export(signed.engine, tmp_path, POLICY, cut_off)
    # As a kill in the middle of a write leaves it.
    begun = tmp_path / "tile/0/001.begun"
    begun.write_bytes(b"half")
    export(signed.engine, tmp_path, POLICY, quiet)
    assert run(capsys, "verify", tmp_path)["verdict"] == "ok"
    assert list(tmp_path.rglob("*.begun")) == []


def test_everything_published_of_every_size_has_the_bytes_of_the_tree(
    gate: Gate, clock: FrozenClock
) -> None:
    signer = Signer(gate.engine, [KEY])
    for step in (1, 254, 1, 1, 260):
        gate.record_many([read_of() for _ in range(step)])
        signer.sign(clock.now())
        with gate.engine.connect() as connection:
            published = Publication(connection)
            leaves: list[bytes] = []
            for resource in resources(published.signed.size):
                data = published.resource(resource)
                if resource.level is None:
                    leaves += map(tree.leaf_hash, decode_bundle(data))
                else:
                    assert len(data) == 32 * resource.width
            assert tree.root(tree.append([], 0, leaves)) == published.signed.root


@pytest.mark.parametrize(
    "resource",
    [
        Resource(0, 2, 89),
        Resource(0, 2),
        Resource(None, 2, 93),
        Resource(1, 0, 3),
        Resource(5, 0, 1),
    ],
)
def test_nothing_beyond_what_was_signed_is_published(signed: Gate, resource: Resource) -> None:
    with signed.engine.connect() as connection, pytest.raises(NotFoundError):
        Publication(connection).resource(resource)


def test_before_it_signs_a_log_publishes_nothing(gate: Gate, tmp_path: Path) -> None:
    with pytest.raises(NotSignedError):
        export(gate.engine, tmp_path, POLICY, quiet)


def test_a_proof_that_travels_holds_with_the_cosignatures_of_the_log(signed: Gate) -> None:
    with signed.engine.begin() as connection:
        text = Publication(connection).signed.note.decode().partition("\n\n")[0] + "\n"
        for name, line in (("W", str(WITNESS.sign(text, 1000))), ("rfc3161", "no signature line")):
            connection.execute(
                insert(audit_cosig).values(
                    size=600, name=name, line=line, ts="2026-01-01T00:00:00Z"
                )
            )
    trusted = parse_policy(f"log {KEY.verifier}\nwitness W {WITNESS.verifier}\nquorum W\n".encode())
    with signed.engine.connect() as connection:
        published = Publication(connection)
        for seq in (0, 255, 256, 599):
            proof = parse_proof(published.proof(seq).encode())
            (leaf,) = published._entries(seq, seq + 1)
            assert proof.check(tree.leaf_hash(leaf), trusted).size == 600
        for seq in (-1, 600):
            with pytest.raises(NotFoundError):
                published.proof(seq)


@pytest.mark.parametrize("old", [0, 1, 256, 600])
def test_the_log_proves_that_it_only_grew(signed: Gate, old: int) -> None:
    with signed.engine.connect() as connection:
        published = Publication(connection)
        hashes = [tree.leaf_hash(leaf) for leaf in published._entries(0, 600)]
        proof = published.consistency(old)
        if old:
            before = tree.root(tree.append([], 0, hashes[:old]))
            tree.verify_consistency(old, 600, proof, before, published.signed.root)
        else:
            assert proof == []


def test_what_is_disclosed_is_what_the_entries_commit_to(
    signed: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(signed.engine, tmp_path, POLICY, quiet)
    assert disclose(signed.reader, tmp_path, 600, quiet) == 600
    said = json.loads(run(capsys, "open", tmp_path, "256")["says"])
    assert said["kind"] == "opened"
    with signed.engine.connect() as connection:
        (leaf,) = Publication(connection)._entries(599, 600)
    check_payload(leaf, payload_of(signed.reader, 599))


def test_what_was_erased_is_not_disclosed(signed: Gate, tmp_path: Path) -> None:
    Owner(signed.engine).remove(7, audit_payload)
    tmp_path.joinpath("payloads").mkdir()
    assert disclose(signed.reader, tmp_path, 600, quiet) == 599
    with pytest.raises(NotFoundError):
        payload_of(signed.reader, 7)
