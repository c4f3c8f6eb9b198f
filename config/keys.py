"""Key encryption keys (KEK): where they live and how they wrap other keys.

A KEK never leaves its provider. Wrapping is AES-256-GCM with associated data (NIST SP 800-38D),
so that a wrapped key only opens for the case, entry or person it was made for.
"""

import os
import stat
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

from config.errors import ApplicationError, SettingsError
from config.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION_BYTES = 2


class KeyUnavailableError(ApplicationError):
    """A key cannot be unwrapped: wrong key version, wrong owner or changed bytes."""

    status = 503
    code = "key-unavailable"
    message = "A key cannot be opened, so nothing is shown."


class KekProvider(Protocol):
    """The keeper of the key encryption keys."""

    @property
    def version(self) -> int:
        """Tell the version that wraps new keys."""

    def wrap(self, key: bytes | bytearray, aad: bytes) -> bytes:
        """Wrap a key under the newest version, bound to its associated data."""

    def unwrap(self, blob: bytes, aad: bytes) -> bytearray:
        """Unwrap to a buffer the caller overwrites after use; raises KeyUnavailableError."""

    def rewrap(self, blob: bytes, aad: bytes) -> bytes:
        """Wrap again under the newest version."""

    def derive(self, label: str) -> bytes:
        """Derive a 32-byte root for one purpose (HKDF, RFC 5869); stable over rotations."""

    def describe(self) -> str:
        """Say in one line where the keys live, without any key."""


class LocalKek:
    """Key encryption keys in the memory of this process; version 1 is the oldest."""

    def __init__(self, keys: list[bytes], origin: str) -> None:
        """Keep the versions in order; raises SettingsError unless each has 32 bytes."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            message = f"{origin}: every line must hold one key of 64 hex characters"
            raise SettingsError(message)
        self._ciphers = [AESGCM(key) for key in keys]
        self._root = keys[0]
        self._origin = origin

    @property
    def version(self) -> int:
        """Tell the version that wraps new keys."""
        return len(self._ciphers)

    def wrap(self, key: bytes | bytearray, aad: bytes) -> bytes:
        """Wrap a key under the newest version, bound to its associated data."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[-1].encrypt(nonce, bytes(key), aad)
        return self.version.to_bytes(VERSION_BYTES, "big") + nonce + sealed

    def unwrap(self, blob: bytes, aad: bytes) -> bytearray:
        """Unwrap to a buffer the caller overwrites after use; raises KeyUnavailableError."""
        version = int.from_bytes(blob[:VERSION_BYTES], "big")
        if not 1 <= version <= self.version:
            raise KeyUnavailableError
        nonce = blob[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES]
        sealed = blob[VERSION_BYTES + NONCE_BYTES :]
        key = bytearray(KEY_BYTES)
        try:
            self._ciphers[version - 1].decrypt_into(nonce, sealed, aad, key)
        except (InvalidTag, ValueError) as error:
            raise KeyUnavailableError from error
        return key

    def rewrap(self, blob: bytes, aad: bytes) -> bytes:
        """Wrap again under the newest version."""
        key = self.unwrap(blob, aad)
        try:
            return self.wrap(key, aad)
        finally:
            key[:] = bytes(KEY_BYTES)

    def derive(self, label: str) -> bytes:
        """Derive a 32-byte root for one purpose (HKDF, RFC 5869); stable over rotations."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=label.encode()).derive(self._root)

    def describe(self) -> str:
        """Say in one line where the keys live, without any key."""
        return f"{self._origin}, version {self.version}"


def kek_from(settings: Settings) -> KekProvider:
    """Open the provider that the settings name; raises SettingsError when it is unsafe.

    A canary key is wrapped and unwrapped, so a broken provider stops the start, not a case.
    """
    kind, _, place = settings.kek.partition(":")
    provider = LocalKek(_from_file(Path(place)) if kind == "file" else _from_env(place), kind)
    canary = os.urandom(KEY_BYTES)
    if bytes(provider.unwrap(provider.wrap(canary, b"canary"), b"canary")) != canary:
        raise KeyUnavailableError  # pragma: no cover - a cipher that lies cannot be staged
    return provider


def init_app(app: Flask, settings: Settings | None = None) -> None:
    """Open the provider once for the app; raises SettingsError when it is unsafe.

    Without settings those of the app count, which config.database gave it.
    """
    app.extensions["kek"] = kek_from(settings or app.extensions["settings"])


def kek() -> KekProvider:
    """Give the key provider of the current app."""
    found: KekProvider = current_app.extensions["kek"]
    return found


def make_key_file(path: Path) -> None:
    """Write a new key file, or add a version to it; readable by the owner alone (mode 0400)."""
    lines = path.read_text("ascii") if path.exists() else ""
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR)
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{lines}{os.urandom(KEY_BYTES).hex()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _from_file(path: Path) -> list[bytes]:
    """Read the key file; refuse one that others than its owner can open."""
    if not path.exists():
        message = f"the key file {path} does not exist; `pga init` makes one"
        raise SettingsError(message)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"the key file {path} can be opened by others; run: chmod 0400 {path}"
        raise SettingsError(message)
    return _read_keys(path.read_text("ascii"), str(path))


def _from_env(name: str) -> list[bytes]:
    """Read the keys from an environment variable; for containers only."""
    return _read_keys(os.environ.get(name, ""), name)


def _read_keys(text: str, origin: str) -> list[bytes]:
    """Read one key per line in hex."""
    try:
        return [bytes.fromhex(line) for line in text.split()]
    except ValueError as error:
        message = f"{origin}: every line must hold one key of 64 hex characters"
        raise SettingsError(message) from error
