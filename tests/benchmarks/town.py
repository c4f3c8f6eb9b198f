"""The town that pages are measured in: one full case, and a process lead with a hundred cases.

It is played once through the real services, in memory, and copied to stores that wait for their
disk, so that measuring is done on what an installation has.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from audit.entries import Action
from config import clock, migrate
from config.clock import FrozenClock
from config.settings import Argon2Cost
from pga.cases.rules import CaseState
from pga.dossier.rules import ItemKind
from pga.dossier.service import steps
from pga.dossier.service.contributions import log_intervention, plan_action
from pga.policy.codes import Category
from pga.records import service as records
from pga.sharing.service.changes import Act, line_of, may_bring, write
from tests.databases import STORES, Addresses, Cluster, SqliteTemplate
from tests.factories.scene import Scene
from tests.factories.snapshots import Played, Snapshots

CASES = 100
RUNNING = 8  # of these a plan is being carried out; the others are in triage
CHEAP = Argon2Cost(time=1, memory_kib=8, parallelism=1)
FAST_DISK = Path("/dev/shm")  # noqa: S108 - only to play on, never to measure on
TEXT = "Talked at the kitchen table about school, friends and the weeks to come. " * 3


@dataclass(frozen=True, slots=True)
class Town:
    """The case that is opened."""

    case_id: bytes


def town(scene: Scene) -> Town:
    """Play a hundred cases; the first is full, and everybody has brought something."""
    case_id = full_case(scene)
    for number in range(1, CASES):
        if number < RUNNING:
            scene.case()
        else:
            started = scene.signal()
            for state in (CaseState.ADMISSIBLE, CaseState.TRIAGE):
                steps.take(scene.desk("GPR", started), state)
    return Town(case_id)


def full_case(scene: Scene) -> bytes:
    """Play a case to its plan, with thirty items of six partners, some under a release."""
    case_id = scene.case("POL", "SCH", "GGZ", "VT")
    scene.guardian(case_id)
    scene.decide(case_id, "POL", ["D05"], "GCR")
    scene.release(case_id, "GGZ", ["D09", "D10"], "GCR")
    scene.note(case_id, "VT", "D14", "GPR")
    for partner, category in (
        *[("LPR", "D04")] * 4,
        *[("POL", "D05")] * 3,
        *[("GGZ", "D09")] * 2,
        *[("VT", "D14")] * 2,
    ):
        scene.bring(partner, case_id, category, TEXT)
    today = clock.today()
    for number in range(14):
        log_intervention(
            scene.desk("GCR", case_id), f"Visit {number}", TEXT, today - timedelta(days=number)
        )
    for number in range(3):
        plan_action(
            scene.desk("GCR", case_id),
            f"Action {number}",
            TEXT,
            today + timedelta(days=number),
            scene.who("LPR").person_id,
        )
    return case_id


def fill(scene: Scene, case_id: bytes, count: int) -> None:
    """Log interventions in one write, until the case has so many items."""
    desk = scene.desk("GCR", case_id)
    changes = [
        records.Create(
            category=Category.D15,
            purpose=desk.seat.purpose,
            kind=ItemKind.INTERVENTION,
            owner_organisation_id=desk.seat.organisation_id,
            owner_partner=desk.seat.partner,
            author_person_id=desk.viewer.person_id,
            content={"title": f"Visit {number}", "text": TEXT},
        )
        for number in range(count - len(desk.facts.items))
    ]
    decision = may_bring(desk, Category.D15)
    line = line_of(Category.D15, desk.seat.partner, decision, *[change.id for change in changes])
    write(desk, Act(Action.PROVIDE, (line,)), changes)


@cache
def _snapshots() -> Snapshots:
    """Give the towns this process has played; the folder goes when it ends."""
    folder = Path(tempfile.mkdtemp(dir=FAST_DISK if FAST_DISK.is_dir() else None))
    atexit.register(shutil.rmtree, folder)
    (folder / "laid").mkdir()
    (folder / "played").mkdir()
    return Snapshots(folder / "played", SqliteTemplate(folder / "laid"), CHEAP)


@contextmanager
def moved_into(database: str) -> Iterator[tuple[Played[Town], FrozenClock]]:
    """Give the town on stores that wait for their disk, and the time at which it stands."""
    with ExitStack() as stack:
        # On the disk of the machine: what a commit costs there is part of what is measured.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        elsewhere = None
        if database == "postgresql":
            cluster = Cluster(durable=True)
            cluster.start()
            stack.callback(cluster.stop)
            elsewhere = Addresses(*(cluster.url(cluster.create()) for _ in STORES))
            with elsewhere.opened() as stores:
                migrate.upgrade(stores)
        snapshots = _snapshots()
        frozen = FrozenClock(snapshots.of(town).clock.now())
        stack.enter_context(clock.use(frozen))
        played = stack.enter_context(snapshots.copied(town, folder / "town", elsewhere))
        yield played, frozen
