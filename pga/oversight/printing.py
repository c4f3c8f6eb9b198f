"""Oversight on paper: tagged PDFs (PDF/UA-1) that hold what the page holds, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from config import clock
from pga.web import pdf
from pga.web.i18n import language

TEMPLATE: Final = Path(__file__).parent / "print" / "paper.typ"

Pairs = Sequence[tuple[str, str | int]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part under a heading: sentences, lines of a list, and a table of words with figures."""

    title: str
    paragraphs: Sequence[str] = ()
    lines: Sequence[str] = ()
    head: tuple[str, str] = ("", "")
    rows: Pairs = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on paper, in words; `author` is the organisation that gives it."""

    title: str
    author: str
    made_at: datetime
    facts: Pairs
    lead: Sequence[str]
    parts: Sequence[Part] = field(default=())


def print_paper(paper: Paper) -> bytes:
    """Make the PDF of a paper in the language of the page."""
    local = clock.local_day(paper.made_at)
    data: dict[str, Any] = {
        "title": str(paper.title),
        "author": paper.author,
        "language": language(),
        "running": f"{paper.title}, {paper.author}",
        "made": {"year": local.year, "month": local.month, "day": local.day},
        "facts": _texts(paper.facts),
        "lead": [str(text) for text in paper.lead],
        "parts": [
            {
                "title": str(part.title),
                "paragraphs": [str(text) for text in part.paragraphs],
                "lines": [str(text) for text in part.lines],
                "head": [str(text) for text in part.head],
                "rows": _texts(part.rows),
            }
            for part in paper.parts
        ],
    }
    return pdf.make_pdf(TEMPLATE, data, paper.made_at)


def _texts(pairs: Pairs) -> list[list[str]]:
    """Write pairs as texts."""
    return [[str(first), str(second)] for first, second in pairs]
