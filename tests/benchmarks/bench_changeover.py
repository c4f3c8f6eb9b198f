"""The preview of a proposed version over many living cases, against the bare counts it needs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from config import clock
from config.clock import FrozenClock
from config.database import db
from pga.agreements.models import Agreement
from pga.cases.rules import CaseState
from pga.changeover.service.previews import preview
from tests.benchmarks.asking import counted
from tests.benchmarks.harness import Measured, bench, paired
from tests.benchmarks.town import CHEAP, FAST_DISK
from tests.changeover.versions import crowd, current, signing
from tests.databases import SqliteTemplate
from tests.factories.scene import Scene
from tests.factories.snapshots import Played, Snapshots

CASES = 10_000
FEW = 10
TABLE = ("JWK", "POL", "SCH", "GGZ", "GCR", "LPR")
COUNT = text(
    "SELECT c.state, p.partner, count(DISTINCT c.id) FROM case_file c"
    " JOIN case_participant p ON p.case_id = c.id"
    " WHERE c.agreement_id = :version GROUP BY c.state, p.partner"
)
Ids = tuple[bytes, bytes]


def proposed(scene: Scene) -> Ids:
    """Bring a version to signing that changes something for two partners."""
    source = current(scene).id
    return source, signing(scene).id


@contextmanager
def opened() -> Iterator[Played[Ids]]:
    """Give a municipality with a version in force and one that is being signed."""
    disk = FAST_DISK if FAST_DISK.is_dir() else None
    with tempfile.TemporaryDirectory(dir=disk) as found:
        folder = Path(found)
        for name in ("laid", "played"):
            (folder / name).mkdir()
        snapshots = Snapshots(folder / "played", SqliteTemplate(folder / "laid"), CHEAP)
        frozen = FrozenClock(snapshots.of(proposed).clock.now())
        with (
            clock.use(frozen),
            snapshots.copied(proposed, folder / "copy") as played,
            played.app.app_context(),
        ):
            yield played


@bench(unit="x", better="lower", goal=2.0, against="the bare count by state and partner, in SQL")
def preview_10000_cases() -> Measured:
    """Work out the preview over ten thousand living cases, and count its queries with ten too."""
    with opened() as played:
        source_id, target_id = played.made
        stores = played.app.extensions["stores"]

        def ours() -> object:
            rows = db.session.query(Agreement).filter(Agreement.id.in_(played.made)).all()
            versions = {row.id: row for row in rows}
            return preview(versions[source_id], versions[target_id])

        def bare() -> object:
            return db.session.execute(COUNT, {"version": source_id}).all()

        def queries() -> int:
            ours()
            with counted(stores) as seen:
                ours()
            return len(seen)

        crowd(played.scene, FEW, TABLE)
        few = queries()
        crowd(played.scene, CASES // 2 - FEW, TABLE)
        crowd(played.scene, CASES // 2, TABLE, CaseState.TRIAGE)
        many = queries()
        assert few == many, (few, many)
        found = paired(ours, bare)
    return Measured(found.value, {**found.raw, "queries_10": few, "queries_10000": many})
