"""The technical log is one line of JSON per event, and repeats nothing that somebody typed."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from config.clock import FrozenClock
from config.logs import JsonLines

SECRET = "what somebody typed"

Line = Callable[[], dict[str, object]]


@pytest.fixture
def log() -> logging.Logger:
    return logging.getLogger("pga.test")


@pytest.fixture
def line(log: logging.Logger) -> Iterator[Line]:
    """Read the one line that the logger wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)

    def read() -> dict[str, object]:
        written: list[dict[str, object]] = [*map(json.loads, stream.getvalue().splitlines())]
        assert len(written) == 1
        return written[0]

    yield read
    log.removeHandler(handler)


def test_a_line_tells_when_where_and_what(
    log: logging.Logger, line: Line, clock: FrozenClock
) -> None:
    log.warning("not-found", extra={"status": 404, "code": "not-found", "typed": SECRET})
    assert line() == {
        "at": "2026-11-02T09:00:00.000+00:00",
        "level": "WARNING",
        "logger": "pga.test",
        "message": "not-found",
        "code": "not-found",
        "status": 404,
    }


def break_off() -> None:
    raise ValueError(SECRET)


def test_of_an_exception_only_its_kind_and_its_way_are_written(
    log: logging.Logger, line: Line
) -> None:
    try:
        break_off()
    except ValueError:
        log.exception("unexpected")
    written = line()
    assert written["error"] == "ValueError"
    assert str(written["where"]).count("break_off:") == 1
    assert SECRET not in json.dumps(written)


def test_a_line_without_an_exception_has_no_error(log: logging.Logger, line: Line) -> None:
    log.error("odd", exc_info=sys.exc_info())
    assert "error" not in line()


def test_the_log_goes_to_standard_error() -> None:
    code = (
        "import logging; from config import logs; logs.start(); logging.info('up');"
        "logging.getLogger('alembic.runtime.migration').info('Context impl')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["message"] == "up"
    assert done.stdout == ""
