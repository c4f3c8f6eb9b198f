"""The short notation of the story files, one line per event, read into plain values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SEPARATOR = " | "
_LOG = re.compile(
    r"(?P<days>\d+) (?P<by>\w+) (?P<what>\w+)(?:>(?P<to>[\w,]+))?(?:&(?P<name>\w+))?(?P<word> \w+)?"
)
_ACTION = re.compile(
    r"(?P<person>\w+) (?P<due>[+-]\d+)(?: done(?P<done>\d+))?(?: @(?P<agreed>\d+))?"
)


class LineError(ValueError):
    """A line of a story file is not written as the notation asks."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """`days who what>readers&name | title | text`, or `days who says wording`."""

    days: int
    by: str
    what: str
    to: tuple[str, ...]
    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """`who due donedays @agreed | title | text`; days ago, but `due` in days from today."""

    person: str
    due: int
    agreed: int | None
    done: int | None
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """`days who`, with one more word at times."""

    days: int
    by: str
    word: str = ""


def log_line(line: str) -> LogLine:
    """Read a line of a log; raises LineError."""
    head, *texts = line.split(SEPARATOR)
    found = _LOG.fullmatch(head)
    if found is None:
        raise LineError(line)
    if found["word"]:
        return LogLine(int(found["days"]), found["by"], "says", (), "", found["word"].strip(), "")
    title, text = _two(texts, line)
    return LogLine(
        days=int(found["days"]),
        by=found["by"],
        what=found["what"],
        to=tuple(found["to"].split(",")) if found["to"] else (),
        name=found["name"] or "",
        title=title,
        text=text,
    )


def action_line(line: str) -> ActionLine:
    """Read a line of actions; raises LineError."""
    head, *texts = line.split(SEPARATOR)
    found = _ACTION.fullmatch(head)
    if found is None:
        raise LineError(line)
    title, text = _two(texts, line)
    return ActionLine(
        person=found["person"],
        due=int(found["due"]),
        agreed=int(found["agreed"]) if found["agreed"] else None,
        done=int(found["done"]) if found["done"] else None,
        title=title,
        text=text,
    )


def mention(line: str) -> Mention:
    """Read `days who` with perhaps one more word; raises LineError."""
    days, *rest = line.split(" ")
    if not days.isdigit() or len(rest) not in {1, 2}:
        raise LineError(line)
    return Mention(int(days), *rest)


def columns(line: str, count: int) -> Sequence[str]:
    """Split a line into so many columns; raises LineError."""
    found = line.split(SEPARATOR)
    if len(found) != count:
        raise LineError(line)
    return found


def _two(texts: Sequence[str], line: str) -> tuple[str, str]:
    """Take a title and a text; raises LineError for more or fewer."""
    if len(texts) != len(("title", "text")):
        raise LineError(line)
    return texts[0], texts[1]
