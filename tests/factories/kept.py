"""What an app compiles, kept from one app of this process to the next.

Nearly every test makes an app, and most of that time went into compiling its templates, the
addresses of its routes and its statements, and into reading its catalogues: the same in every app.
"""

import gettext
from pathlib import Path
from types import CodeType
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Compiled, Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from pga.web import i18n

_TEMPLATES: dict[tuple[str, str], CodeType | None] = {}
_CATALOGUES: dict[tuple[object, ...], NullTranslations] = {}
_ROUTES: dict[tuple[object, ...], Rule] = {}
_STATEMENTS: LRUCache[Any, Compiled] = LRUCache(5000)


class KeptTemplates(BytecodeCache):
    """Templates compiled by an earlier app.

    A template is kept by name and source, so a changed one is compiled anew.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _TEMPLATES.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        _TEMPLATES[bucket.key, bucket.checksum] = bucket.code


class KeptRule(Rule):
    """A route that is matched and written by what an earlier app compiled for the same route."""

    def compile(self) -> None:
        assert self.map is not None
        defaults = sorted((self.defaults or {}).items())
        converters = self.map.converters.items()
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, *defaults, *converters)
        earlier = _ROUTES.setdefault(key, self)
        if earlier is self:
            super().compile()
            return
        self._parts, self._trace = earlier._parts, earlier._trace
        self._converters = earlier._converters
        self.arguments |= earlier.arguments
        self._build = earlier._build.__func__.__get__(self)  # type: ignore[attr-defined]
        self._build_unknown = earlier._build_unknown.__func__.__get__(self)  # type: ignore[attr-defined]


def keep_routes() -> None:
    """Let every app from now on use what others compiled."""
    Flask.url_rule_class = KeptRule


def keep_templates(app: Flask) -> None:
    """Let an app use what others compiled; before its first page."""
    app.jinja_env.bytecode_cache = KeptTemplates()


def forget_macros() -> None:
    """Let go of what the macros of an app wrote, and with them of the app; when it is closed."""
    i18n._written.cache_clear()


def keep_catalogues() -> None:
    """Let every app from now on use the catalogues that another read; one that changed is read."""
    read = Translations.load

    def load(dirname: str, locales: list[Any], domain: str) -> NullTranslations:
        names = [str(locale) for locale in locales]
        file = gettext.find(domain, dirname, names)
        key = (dirname, domain, *names, file and Path(file).stat().st_mtime_ns)
        if key not in _CATALOGUES:
            _CATALOGUES[key] = read(dirname, names, domain)
        return _CATALOGUES[key]

    setattr(Translations, "load", load)  # noqa: B010 - mypy lets no method be assigned


def keep_statements() -> None:
    """Let every engine from now on use what another on the same kind of database compiled.

    SQLAlchemy keeps statements by their dialect, of which each engine has its own; here those of
    one kind are equal.
    """

    def engine_created(_dialect: type[DefaultDialect], engine: Engine) -> None:
        engine._compiled_cache = _STATEMENTS

    def equal(one: DefaultDialect, other: object) -> bool:
        return type(one) is type(other)

    def hashed(one: DefaultDialect) -> int:
        return hash(type(one))

    for name, changed in (
        ("engine_created", classmethod(engine_created)),
        ("__eq__", equal),
        ("__hash__", hashed),
    ):
        setattr(DefaultDialect, name, changed)
