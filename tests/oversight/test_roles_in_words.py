"""Every function that acts in the log is said in words, also that of nobody."""

import re
from pathlib import Path

from flask import Flask

from auth.rules import Role
from pga.oversight import words
from pga.web.i18n import speaking

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'role="([a-z_]+)"')


def acting() -> set[str]:
    """Find as what the program itself acts."""
    files = (path for room in ("pga", "auth", "audit") for path in (ROOT / room).rglob("*.py"))
    return {found for path in files for found in NAMED.findall(path.read_text("utf-8"))}


def test_every_function_has_words_in_both_languages(app: Flask) -> None:
    assert {"worker", "system", "operator", "installation"} <= acting()
    with app.test_request_context():
        for language in ("nl", "en"):
            with speaking(language):
                said = {code: words.role(code) for code in {*Role, *acting()}}
            assert [code for code, text in said.items() if text == code] == []
