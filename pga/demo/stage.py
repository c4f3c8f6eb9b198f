"""The stage: who exists, what was done so far, and the desk at which a scene is played.

Every scene goes through the service that a person at a screen would use. None writes a row or an
entry itself, and what a service refuses to this person is refused here too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import singledispatch

from config import clock
from pga.demo.cast import Cast
from pga.demo.persona import Persona
from pga.demo.script import Answers, Scene
from pga.demo.source import Youth
from pga.sharing.service import decisions
from pga.sharing.service.changes import Desk, sit_down

NOTE_RUNS = timedelta(days=270)


class PlayError(Exception):
    """A scene went differently from what the script says."""

    def __init__(self, scene: Scene, why: str) -> None:
        """Name the scene and what went differently."""
        super().__init__(f"{scene.youth}, {scene.by}, {scene.act}: {why}")


@dataclass(slots=True)
class Memory:
    """What later scenes of a youth must remember: ids by the names of the script."""

    case_id: bytes = b""
    note_id: bytes = b""
    items: dict[str, bytes] = field(default_factory=dict)
    releases: dict[str, bytes] = field(default_factory=dict)
    guardians: list[bytes] = field(default_factory=list)
    weighed: set[tuple[bytes, str]] = field(default_factory=set)


@dataclass(slots=True)
class Stage:
    """The region while it is played."""

    cast: Cast
    personas: Mapping[str, Persona]
    memories: dict[str, Memory]

    def desk(self, scene: Scene) -> Desk:
        """Let the person of a scene sit down at its case."""
        return sit_down(self.cast.viewer(scene.by), self.memory(scene).case_id)

    def memory(self, scene: Scene) -> Memory:
        """Give what is remembered of the youth of a scene."""
        return self.memories[scene.youth]

    def youth(self, scene: Scene) -> Youth:
        """Give the youth of a scene."""
        return self.cast.region.youths[scene.youth]

    def organisations(self, people: Iterable[str], scene: Scene) -> list[bytes]:
        """Give the organisations for which people work in the town of a scene, each once."""
        home = self.youth(scene).home
        return list(dict.fromkeys(self.cast.organisation_of(person, home) for person in people))

    def ids(self, people: Iterable[str]) -> list[bytes]:
        """Give the ids of people."""
        return [self.cast.people[person] for person in people]

    def participant(self, desk: Desk, person: str) -> bytes:
        """Find the row of somebody who takes part in a case."""
        person_id = self.cast.people[person]
        return next(p.id for p in desk.facts.participants if p.person_id == person_id)

    def weigh(self, scene: Scene, category: str, to: list[bytes], answers: Answers) -> bytes:
        """Write a weighing note and give its id."""
        note = decisions.record_note(
            self.desk(scene),
            decisions.NewNote(
                category=category,
                recipients=to,
                answers=dict(zip(decisions.QUESTIONS, answers, strict=True)),
                review_on=clock.today() + NOTE_RUNS,
            ),
        )
        return note.id


@singledispatch
def perform(act: object, stage: Stage, scene: Scene) -> None:
    """Play one act of a scene; each kind of act is registered in `pga.demo.acts`."""
    _ = act, stage
    raise PlayError(scene, "nobody knows how to play this")
