"""Keys open only where they were wrapped for, and only from a place that others cannot read."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import keys
from config.errors import SettingsError
from config.keys import KEY_BYTES, KeyUnavailableError, LocalKek, kek_from, make_key_file
from config.settings import Settings

OLD, NEW = b"o" * KEY_BYTES, b"n" * KEY_BYTES
KEY = b"k" * KEY_BYTES


def test_a_wrapped_key_opens_for_what_it_was_wrapped_for() -> None:
    kek = LocalKek([OLD], "test")
    assert kek.unwrap(kek.wrap(KEY, b"case 1"), b"case 1") == KEY


def test_a_wrapped_key_does_not_open_for_another_case() -> None:
    kek = LocalKek([OLD], "test")
    with pytest.raises(KeyUnavailableError):
        kek.unwrap(kek.wrap(KEY, b"case 1"), b"case 2")


@pytest.mark.parametrize("place", [2, 20, -1], ids=["nonce", "key", "tag"])
def test_a_changed_byte_is_noticed(place: int) -> None:
    kek = LocalKek([OLD], "test")
    blob = bytearray(kek.wrap(KEY, b"case 1"))
    blob[place] ^= 1
    with pytest.raises(KeyUnavailableError):
        kek.unwrap(bytes(blob), b"case 1")


@pytest.mark.parametrize("blob", [b"", b"\x00\x01", b"\x00\x01" + bytes(40), b"\x00\x09" * 30])
def test_what_is_no_wrapped_key_opens_nothing(blob: bytes) -> None:
    with pytest.raises(KeyUnavailableError):
        LocalKek([OLD], "test").unwrap(blob, b"case 1")


def test_a_new_version_still_opens_what_the_old_one_wrapped() -> None:
    blob = LocalKek([OLD], "test").wrap(KEY, b"case 1")
    rotated = LocalKek([OLD, NEW], "test")
    again = rotated.rewrap(blob, b"case 1")
    assert rotated.unwrap(blob, b"case 1") == rotated.unwrap(again, b"case 1") == KEY
    assert (blob[:2], again[:2], rotated.version) == (b"\x00\x01", b"\x00\x02", 2)
    with pytest.raises(KeyUnavailableError):
        LocalKek([OLD], "test").unwrap(again, b"case 1")


def test_derived_roots_differ_by_purpose_and_outlive_a_rotation() -> None:
    before, after = LocalKek([OLD], "test"), LocalKek([OLD, NEW], "test")
    assert before.derive("index") == after.derive("index")
    assert before.derive("index") != before.derive("commitments")
    assert len(before.derive("index")) == KEY_BYTES


def test_a_provider_tells_where_its_keys_live_and_no_key() -> None:
    assert LocalKek([OLD, NEW], "file").describe() == "file, version 2"


@pytest.mark.parametrize("found", [[], [b"short"], [OLD, b"short"]])
def test_a_key_of_another_length_is_refused(found: list[bytes]) -> None:
    with pytest.raises(SettingsError, match="64 hex characters"):
        LocalKek(found, "test")


def test_a_key_file_is_made_for_its_owner_alone_and_grows_by_a_version(tmp_path: Path) -> None:
    path = tmp_path / "kek"
    make_key_file(path)
    first = path.read_text()
    make_key_file(path)
    assert path.read_text().startswith(first)
    assert len(path.read_text().split()) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o420, 0o700 | 0o001])
def test_a_key_file_that_others_can_open_is_refused(
    settings: Settings, tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "open"
    make_key_file(path)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="can be opened by others; run: chmod 0400"):
        kek_from(replace(settings, kek=f"file:{path}"))


def test_a_key_file_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist; `pga init` makes one"):
        kek_from(replace(settings, kek=f"file:{tmp_path / 'gone'}"))


def test_a_key_may_come_from_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEK", f"{OLD.hex()}\n{NEW.hex()}")
    assert kek_from(replace(settings, kek="env:KEK")).version == 2


@pytest.mark.parametrize("text", ["", "zz", "abcd"])
def test_what_is_no_key_in_the_environment_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("KEK", text)
    with pytest.raises(SettingsError, match=r"KEK|env"):
        kek_from(replace(settings, kek="env:KEK"))


def test_the_app_opens_its_provider_once(settings: Settings) -> None:
    app = Flask("bare")
    keys.init_app(app, settings)
    with app.app_context():
        assert keys.kek() is keys.kek() is app.extensions["kek"]
