"""What the server of a benchmark serves: the product at a moment, and the floor beneath it."""

import os
from contextlib import ExitStack
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from config import clock
from config.clock import FrozenClock
from config.database import make_engine
from config.ids import from_hex
from config.settings import Settings
from pga.cases.models import Case
from wsgi import create_app

AT = "PGA_BENCH_AT"
FLOOR = "PGA_BENCH_FLOOR"
kept = ExitStack()  # as long as the process lives


def product() -> Flask:
    """Make the product, with the clock of the town it serves."""
    kept.enter_context(clock.use(FrozenClock(datetime.fromisoformat(os.environ[AT]))))
    return create_app(Settings.from_environment(os.environ))


def floor() -> Flask:
    """Make the least an application can do: read one row by its key, and tell one field of it."""
    app = Flask("floor")
    engine = make_engine(os.environ[FLOOR])

    @app.get("/healthz")
    def health() -> str:
        return "ok"

    @app.get("/cases/<case_id>")
    def case(case_id: str) -> str:
        with Session(engine) as session:
            return session.get_one(Case, from_hex(case_id)).number

    return app
