"""Load the demo region and take it away again; never in production."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from sqlalchemy import MetaData, func, select

from auth.models import Organisation
from config import clock, migrate
from config.clock import FrozenClock
from config.database import db, settings, stores
from config.errors import ConflictError, ForbiddenError
from config.settings import Mode
from pga.cases.models import Case
from pga.demo.acts import perform
from pga.demo.calendar import dated
from pga.demo.cast import assemble
from pga.demo.habits import lists
from pga.demo.officers import overseers
from pga.demo.persona import personas
from pga.demo.plot import Plot
from pga.demo.script import Scene
from pga.demo.signing import MADE, bring_into_force
from pga.demo.source import Region, region
from pga.demo.stage import Memory, Stage

Progress = Callable[[int, int], None]


class DemoInProductionError(ForbiddenError):
    """The demo region does not exist in production: nobody may meet made-up people there."""

    code = "demo-in-production"
    message = "The demo region does not exist in production."


class DemoNotEmptyError(ConflictError):
    """Something is there already, so loading would mix made-up people with others."""

    code = "demo-not-empty"
    message = "The demo region is loaded only where there is nothing yet."


class Loaded(StrEnum):
    """How much of the region is there (stand van de proefregio)."""

    NOTHING = "nothing"
    PARTLY = "partly"
    WHOLE = "whole"


def refuse_production() -> None:
    """Raise DemoInProductionError where real people may be."""
    if settings().mode is Mode.PRODUCTION:
        raise DemoInProductionError


def loaded() -> Loaded:
    """Tell whether the region is there, or was left halfway."""
    if not db.session.scalar(select(func.count()).select_from(Organisation)):
        return Loaded.NOTHING
    cases = db.session.scalar(select(func.count()).select_from(Case)) or 0
    return Loaded.WHOLE if cases >= len(region().youths) else Loaded.PARTLY


def load(progress: Progress, chosen: Region | None = None) -> int:
    """Play the region from some months ago to this minute; give how many scenes were played.

    `progress` hears how many scenes of how many are done. The clock only moves forward. Raises
    DemoInProductionError, and DemoNotEmptyError where something is there already.
    """
    refuse_production()
    if loaded() is not Loaded.NOTHING:
        raise DemoNotEmptyError
    now = clock.now()
    played = chosen or region()
    scenes = scenes_of(played, now)
    first = scenes[0].at
    frozen = FrozenClock(first - MADE)
    with clock.use(frozen):
        cast = assemble(played, clock.local_day(now))
        bring_into_force(cast, first, frozen)
        memories = {key: Memory() for key in played.youths}
        progress(0, len(scenes))
        stage = Stage(cast, personas(played, clock.local_day(now)), memories)
        done = 0
        for _, of_day in groupby(scenes, lambda scene: clock.local_day(scene.at)):
            today = list(of_day)
            frozen.move_to(today[0].at)
            cast.sign_in(sorted({scene.by for scene in today}))
            for scene in today:
                frozen.move_to(scene.at)
                perform(scene.act, stage, scene)
            done += len(today)
            progress(done, len(scenes))
        frozen.move_to(now)
    return len(scenes)


def scenes_of(played: Region, now: datetime) -> Sequence[Scene]:
    """Give every scene of a region in the order of time."""
    scenes = [
        scene
        for key, youth in played.youths.items()
        for scene in dated(key, Plot(key, youth, played).cues(), now, is_exact=youth.exact)
    ]
    for person, cues in (*lists(played).items(), *overseers(played).items()):
        scenes.extend(dated(person, cues, now))
    return sorted(scenes, key=lambda scene: scene.at)


def erase() -> None:
    """Remove every table of the three stores and lay them anew; nothing of before is left.

    Raises DemoInProductionError.
    """
    refuse_production()
    db.session.remove()
    for engine in (stores().app, stores().keys, stores().audit):
        found = MetaData()
        found.reflect(engine)
        found.drop_all(engine)
    migrate.upgrade(stores())
