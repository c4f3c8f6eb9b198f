"""Compiled templates, kept from one app of this process to the next."""

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

_COMPILED: dict[str, bytes] = {}


class KeptTemplates(BytecodeCache):
    """Templates compiled by an earlier app: every test makes an app, and compiling takes longest.

    A template is kept by name and source, so a changed one is compiled anew.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in _COMPILED:
            bucket.bytecode_from_string(_COMPILED[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        _COMPILED[bucket.key] = bucket.bytecode_to_string()


def keep_templates(app: Flask) -> None:
    """Let an app use what others compiled; before its first page."""
    app.jinja_env.bytecode_cache = KeptTemplates()
