"""What the log publishes over HTTP: for whom, up to where, and accepted by the verifier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from audit import gate
from audit.api import readers
from audit.auditctl.__main__ import main as auditctl
from audit.auditctl.notes import SignerKey
from audit.auditctl.paths import resources
from audit.publishing import policy_text
from audit.signing import Signer
from config import clock
from config.database import stores
from config.errors import SettingsError
from tests.audit.conftest import read_of

KEY = SignerKey("localhost/audit/v1", b"k" * 32)
TOKEN = {"Authorization": "Bearer of-the-auditor"}
SIZE = 300


@pytest.fixture
def entitled(app: Flask, tmp_path: Path) -> Path:
    """A list with one auditor on it."""
    path = tmp_path / "readers"
    path.write_text(f"auditor {sha256(b'of-the-auditor').hexdigest()}\n", "utf-8")
    app.extensions["settings"] = replace(app.extensions["settings"], log_readers=path)
    return path


@pytest.fixture
def signed(app: Flask) -> Callable[[], datetime]:
    with app.app_context():
        gate.record_many([read_of() for _ in range(SIZE)])
        Signer(stores().audit, [KEY]).sign(clock.now())
        gate.record(read_of())
    return clock.now


def test_a_mirror_of_what_is_published_is_accepted_by_the_verifier(
    client: FlaskClient, entitled: Path, signed: object, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"
    for name in ["checkpoint", *(resource.path for resource in resources(SIZE))]:
        reply = client.get(f"/audit/v1/{name}", headers=TOKEN)
        assert reply.status_code == 200, name
        (mirror / name).parent.mkdir(parents=True, exist_ok=True)
        (mirror / name).write_bytes(reply.data)
    (mirror / "policy").write_text(policy_text([KEY.verifier]), "utf-8")
    assert auditctl(["verify", str(mirror)]) == 0


def test_a_full_tile_may_be_kept_and_a_checkpoint_not(
    client: FlaskClient, entitled: Path, signed: object
) -> None:
    kept = client.get("/audit/v1/tile/0/000", headers=TOKEN)
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.content_type == "application/octet-stream"
    partial = client.get("/audit/v1/tile/0/001.p/44", headers=TOKEN)
    assert partial.headers["Cache-Control"] == "no-store"
    newest = client.get("/audit/v1/checkpoint", headers=TOKEN)
    assert newest.content_type == "text/plain; charset=utf-8"
    assert "max-age=2" in newest.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["tile/0/001", "tile/0/001.p/45", "tile/entries/001.p/45", "tile/x/000", "tile/0/../000", "x"],
)
def test_what_was_not_signed_or_is_no_tile_is_not_there(
    client: FlaskClient, entitled: Path, signed: object, path: str
) -> None:
    assert client.get(f"/audit/v1/{path}", headers=TOKEN).status_code == 404


def test_before_the_first_signature_nothing_is_published(
    client: FlaskClient, entitled: Path
) -> None:
    assert client.get("/audit/v1/checkpoint", headers=TOKEN).status_code == 404


def test_who_bears_no_token_reads_nothing_of_the_log(
    client: FlaskClient, entitled: Path, signed: object
) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer of-somebody-else"},
        {"Authorization": "Basic of-the-auditor"},
    ):
        for path in ("checkpoint", "tile/0/000", "tile/entries/000"):
            reply = client.get(f"/audit/v1/{path}", headers=headers)
            assert reply.status_code in {302, 303}, path
            assert "/sign-in" in reply.headers["Location"]


def test_a_token_taken_from_the_list_ends_at_the_next_request(
    client: FlaskClient, entitled: Path, signed: object
) -> None:
    assert client.get("/audit/v1/checkpoint", headers=TOKEN).status_code == 200
    entitled.write_text("", "utf-8")
    assert client.get("/audit/v1/checkpoint", headers=TOKEN).status_code in {302, 303}


def test_without_a_list_no_token_counts(client: FlaskClient, signed: object) -> None:
    assert client.get("/audit/v1/checkpoint", headers=TOKEN).status_code in {302, 303}


def test_a_list_that_cannot_be_read_lets_nobody_in(
    client: FlaskClient, entitled: Path, signed: object
) -> None:
    entitled.write_text("auditor no-hash\n", "utf-8")
    assert client.get("/audit/v1/checkpoint", headers=TOKEN).status_code == 500
    with pytest.raises(SettingsError):
        readers(entitled)
    with pytest.raises(SettingsError):
        readers(entitled.parent / "absent")
