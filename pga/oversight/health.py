"""Health of the installation: is the process up, can it be relied on."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from audit import gate
from config.database import stores
from config.errors import ApplicationError

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Tell that the process is up; asks nothing of the stores."""
    return jsonify({"status": "up"})


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Tell whether the stores answer and the log can be written; 503 when not.

    Says no more than a name and a word per check: the answer needs no sign-in.
    """
    checks = {name: _answers(name) for name in ("app", "keys", "audit")} | {
        "log": _log_is_writable()
    }
    is_ready = all(checks.values())
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return jsonify(body), 200 if is_ready else 503


def _answers(name: str) -> bool:
    """Tell whether a store answers."""
    try:
        with getattr(stores(), name).connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def _log_is_writable() -> bool:
    """Tell whether the log takes entries and its clock did not run back."""
    try:
        return gate.gate().health().is_ok
    except (ApplicationError, DBAPIError):
        return False
