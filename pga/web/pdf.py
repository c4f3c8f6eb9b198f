"""Paper: a template and plain data become a tagged PDF, the same bytes for the same data."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import typst

Standard = Literal["ua-1", "a-3a"]
ACCESSIBLE: Final[tuple[Standard, ...]] = ("ua-1",)
"""Tagged for a screen reader (PDF/UA-1), as EN 301 549 asks of documents."""


def make_pdf(
    template: Path,
    data: Mapping[str, Any],
    made_at: datetime,
    standards: Sequence[Standard] = ACCESSIBLE,
) -> bytes:
    """Fill in a template; it reads the data as JSON, never as source, so what is typed stays text.

    A file of its own folder is all that a template may read (root), and none reads any. What the
    machine has of fonts would make another PDF elsewhere: those of the package do everywhere.
    """
    made: bytes = typst.compile(
        template,
        root=template.parent,
        font_paths=[],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        pdf_standards=[*standards],
        timestamp=int(made_at.timestamp()),
    )
    return made
