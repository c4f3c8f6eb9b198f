"""Rows of the log as plain texts, for a file that people open in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

from flask_babel import gettext as _

from config import clock
from pga.oversight import words
from pga.oversight.service.rows import Row

BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet reads UTF-8 as something else."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def file_of(rows: Iterable[Row]) -> str:
    """Write rows as CSV with semicolons, as a Dutch spreadsheet reads it.

    A text that a spreadsheet would run as a formula is marked as text (CWE-1236).
    """
    out = StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_heads())
    writer.writerows([_harmless(text) for text in _cells(row)] for row in rows)
    return out.getvalue()


def _heads() -> list[str]:
    """Name the columns."""
    return [
        *(_("Number of the entry"), _("When"), _("Organisation"), _("Function"), _("Name")),
        *(_("Stood in for somebody else"), _("Case"), _("What"), _("Outcome")),
        *(_("Parts seen"), _("Parts that stayed closed"), _("Why"), _("Explained by")),
        *(_("Reason of the officer"), _("Check of this row")),
    ]


def _cells(row: Row) -> list[str]:
    """Say a row, a text per column; what cannot be believed is not said."""
    who, entry = row.who, row.entry
    at = f"{row.at.astimezone(clock.AMSTERDAM):%Y-%m-%d %H:%M:%S}" if row.at else ""
    check = _("does not match the log") if row.access.fault else _("matches the log")
    if who is None or entry is None:
        return [str(row.seq), at, *[""] * 12, check]
    return [
        *(str(row.seq), at, who.organisation, words.function(who.role, who.partner), who.name),
        *(_("yes") if who.is_replacement else "", row.case.number if row.case else ""),
        *(words.act(entry), words.outcome(entry)),
        *(words.seen(row.entries), words.kept_closed(row.entries), " | ".join(_why(row))),
        *(words.explained_by(row), words.look_reason(entry.reason), check),
    ]


def _why(row: Row) -> Iterable[str]:
    """Say the reasons of a row, each with the parts it is about."""
    for line in words.why(row):
        yield line if isinstance(line, str) else ": ".join(line)


def _harmless(text: str) -> str:
    """Mark a text that would be run as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
