"""A busy town for the officers' walk: twenty thousand explained accesses, and one that is not.

The accesses go through the real writer, a hundred in a commit, on a clock that moves through five
weeks; the one that nothing explains goes through the real service, in the middle of the night.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice

from audit import gate
from audit.entries import Action, Actor, Entry, Explanation, Kind, Line
from auth.rules import Role
from config import clock
from config.clock import FrozenClock
from config.ids import new_id
from config.settings import Settings
from pga.cases import queries as cases
from pga.oversight.service import review
from pga.oversight.service.bench import benches
from pga.sharing.service.disclose import disclose_one
from tests.browser.stage import Stage, give_passwords, play
from tests.browser.walk import serving
from tests.conftest import running
from tests.factories.scene import Scene, Staff

ACCESSES = 20_000
DAYS, HOURS = 25, 8
PER_COMMIT = ACCESSES // (DAYS * HOURS)
SNOOPED_ON = 20
NIGHT = time(2, 40)
WORKERS = ("POL", "SCH", "GGZ", "LPR", "GCR")
LINES = (
    Line("GCR", "D15", "allowed", "GCR>SCH:D15:consult", "allowed", ("ab" * 16,)),
    Line("LPR", "D04", "allowed", "LPR>GCR:D04:consult", "allowed", ("cd" * 16,)),
)


@dataclass(slots=True)
class Town(Stage):
    """The stage with its crowd; `snooped_at` is when somebody looked in the night."""

    snooped_at: datetime


@contextmanager
def crowded(settings: Settings) -> Iterator[Town]:
    """Build the town and serve it; everything happened before now."""
    first = clock.today() - timedelta(days=DAYS + 15)
    with running(settings) as app:
        with app.app_context(), clock.use(_morning(first)) as frozen:
            assert isinstance(frozen, FrozenClock)
            scene = Scene()
            scene.sign()
            case_id = play(scene)
            others = [scene.signal("SCH", born_on=date(2011, 2, 3)) for _ in range(4)]
            give_officers(scene)
            give_passwords(scene)
            snooped_at = _work(scene, frozen, first, [case_id, *others])
            review.scan()
            number = cases.cases_by_id([case_id])[case_id].number
        with serving(app) as address:
            yield Town(app, scene, address, case_id, number, snooped_at)


def give_officers(scene: Scene) -> None:
    """Let officers oversee, and the works councils of their organisations consent."""
    scene.who("GPR", "Protection", Role.DPO)
    for partner in ("GPR", "POL"):
        officer = scene.who(partner, "Officer", Role.PRIVACY_OFFICER)
        review.record_consent(benches(officer.viewer)[0], clock.today(), "Besluit 12")


def _morning(day: date) -> FrozenClock:
    """Give a clock that stands at the beginning of a working day."""
    return FrozenClock(datetime.combine(day, time(8), clock.AMSTERDAM))


def _work(scene: Scene, frozen: FrozenClock, first: date, case_ids: Sequence[bytes]) -> datetime:
    """Let everybody work for weeks, and the police look once in the night; give when."""
    snooped_at = frozen.now()
    actors = [_actor(scene.who(partner)) for partner in WORKERS]
    files = [cases.cases_by_id([one])[one] for one in case_ids]
    turns = cycle([(actor, file) for file in files for actor in actors])
    for day in range(DAYS):
        today = first + timedelta(days=1 + day)
        if day == SNOOPED_ON:
            frozen.move_to(datetime.combine(today, NIGHT, clock.AMSTERDAM))
            snooped_at = frozen.now()
            disclose_one(scene.who("POL").viewer, case_ids[0])
        for hour in range(HOURS):
            at = datetime.combine(today, time(9 + hour), clock.AMSTERDAM)
            frozen.move_to(at)
            gate.record_many(
                [
                    Entry(
                        Action.CONSULT,
                        actor,
                        file.id.hex(),
                        kind=Kind.OPENED if number % 3 else Kind.LISTED,
                        case_id=file.id.hex(),
                        subjects=(file.subject_id.hex(),),
                        lines=LINES,
                        purpose="HELP",
                        explained_by=Explanation("action", "ef" * 16),
                    )
                    for number, (actor, file) in enumerate(islice(turns, PER_COMMIT))
                ]
            )
    return snooped_at


def _actor(staff: Staff) -> Actor:
    """Say who works, for the log."""
    return Actor(
        staff.person_id.hex(),
        staff.organisation_id.hex(),
        staff.partner,
        staff.role,
        new_id().hex(),
        "password",
    )
