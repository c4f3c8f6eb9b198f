"""The technical log: one line of JSON per event on standard error, never with content or names."""

import json
import logging
import sys

from config import clock

FIELDS = ("code", "status", "endpoint", "event")


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON with a fixed set of fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger and message, and of the extras only the fixed fields.

        Of an exception only the class is named: its text may hold what somebody typed.
        """
        line: dict[str, object] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False)


def _where(record: logging.LogRecord) -> list[str]:
    """Name the code lines an exception passed, without the values they worked on."""
    places = []
    step = record.exc_info[2] if record.exc_info else None
    while step is not None:
        places.append(f"{step.tb_frame.f_code.co_qualname}:{step.tb_lineno}")
        step = step.tb_next
    return places[-8:]


def start(level: int = logging.INFO) -> None:
    """Send the technical log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # what it did, `pga db` says itself
