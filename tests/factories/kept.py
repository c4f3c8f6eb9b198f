"""What an app compiles, kept from one app of this process to the next.

Nearly every test makes an app, and most of that time went into compiling its templates and the
addresses of its routes, the same in every app.
"""

from collections.abc import Callable

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_TEMPLATES: dict[str, bytes] = {}
_BUILDERS: dict[tuple[object, ...], Builder] = {}


class KeptTemplates(BytecodeCache):
    """Templates compiled by an earlier app.

    A template is kept by name and source, so a changed one is compiled anew.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in _TEMPLATES:
            bucket.bytecode_from_string(_TEMPLATES[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        _TEMPLATES[bucket.key] = bucket.bytecode_to_string()


class KeptRule(Rule):
    """A route whose address is written by what an earlier app compiled for the same route."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:  # noqa: FBT001, FBT002 - werkzeug calls it so
        key = (*self._trace, *sorted((self.defaults or {}).items()), append_unknown)
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]


def keep_routes() -> None:
    """Let every app from now on use what others compiled."""
    Flask.url_rule_class = KeptRule


def keep_templates(app: Flask) -> None:
    """Let an app use what others compiled; before its first page."""
    app.jinja_env.bytecode_cache = KeptTemplates()
