"""Pages under a real server against the floor: a bare Flask route that reads one row by its key.

Every figure is the worse of one client and of sixteen: with one, the waits are compared; with
sixteen, how many pages a second all of them got. Both servers stand at the same time, and are
loaded in turns.
"""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from tests.benchmarks.apps import AT, FLOOR
from tests.benchmarks.asking import sign_in
from tests.benchmarks.harness import Measured, bench
from tests.benchmarks.served import Server, served
from tests.benchmarks.town import moved_into

ROUNDS = 3
SECONDS = 1.2
CLIENTS = (1, 16)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the product as one person opens it."""

    path: str
    cookie: str


@contextmanager
def standing(partner: str, path: str) -> Iterator[tuple[Server, Server, Page, str]]:
    """Let the product and the floor serve the town; gives both, the page and the floor's path."""
    with ExitStack() as stack:
        played, clock = stack.enter_context(moved_into("sqlite"))
        settings = played.app.extensions["settings"]
        cookie = sign_in(played.app, played.scene.who(partner).person_id)
        case_path = f"/cases/{played.made.case_id.hex()}"
        told = {
            "PGA_MODE": "demo",
            "PGA_DATA_DIR": str(settings.data_dir),
            "PGA_APP_URL": settings.app_url,
            "PGA_KEYS_URL": settings.keys_url,
            "PGA_AUDIT_URL": settings.audit_url,
            "PGA_SECRET_KEY": settings.secret_key,
            "PGA_KEK": settings.kek,
            AT: clock.now().isoformat(),
            FLOOR: settings.app_url,
        }
        product = stack.enter_context(served("tests.benchmarks.apps:product()", told))
        floor = stack.enter_context(served("tests.benchmarks.apps:floor()", told))
        yield product, floor, Page(path or case_path, cookie), case_path


def against_floor(partner: str, path: str) -> Measured:
    """Measure a page and the floor in turns, at one client and at sixteen."""
    raw: dict[str, float] = {}
    with standing(partner, path) as (product, floor, page, floor_path):
        for clients in CLIENTS:
            rows = []
            for number in range(ROUNDS + 1):
                ours = product.load(page.path, page.cookie, clients, SECONDS)
                theirs = floor.load(floor_path, "", clients, SECONDS)
                if number:  # the first round warms up
                    rows.append((ours, theirs))
            raw |= {
                f"ours_ms_{clients}": statistics.median(o.median_ms for o, _ in rows),
                f"floor_ms_{clients}": statistics.median(f.median_ms for _, f in rows),
                f"ours_per_s_{clients}": statistics.median(o.per_second for o, _ in rows),
                f"floor_per_s_{clients}": statistics.median(f.per_second for _, f in rows),
                f"ratio_{clients}": statistics.median(
                    o.median_ms / f.median_ms if clients == 1 else f.per_second / o.per_second
                    for o, f in rows
                ),
            }
    return Measured(max(raw[f"ratio_{clients}"] for clients in CLIENTS), raw)


for _name, _goal, _partner, _path in (
    ("case_detail_vs_floor", 6.0, "GCR", ""),
    ("work_list_100_vs_floor", 15.0, "GPR", "/"),
):
    bench(
        unit="x",
        better="lower",
        goal=_goal,
        against="a bare route that reads one row by key, same server; worse of 1 and 16 clients",
        name=_name,
    )(partial(against_floor, _partner, _path))
