"""Worlds that start from one scene and live through the same hours, to be compared byte for byte.

In one of them something secret happens. What the others can reach must read the same (R-29).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from config import clock as house_clock
from config.clock import FrozenClock
from pga.dossier.rules import ItemKind
from pga.dossier.service.contributions import NewItem, bring
from tests.factories.browserless import Posted
from tests.factories.crawl import Site, differences
from tests.factories.scene import Scene
from tests.factories.snapshots import Played

OTHERS = ("POL", "SCH", "WOC")
HOUR = timedelta(hours=1)
SECRET = ("D07", "D09", "D14")
# One form of a contribution is made as any other, and so is one choice of the timeline.
ALIKE = r"contribute.category=(?!D14)|show=(?!c)|part=D0[1-6]|show=c.*since="
Act = Callable[[Scene, bytes], None]


def everybody_but_care(scene: Scene) -> bytes:
    """Play a case with the three who compare, and with news between them."""
    case_id = scene.case(*OTHERS, "GGD")
    scene.note(case_id, "LPR", "D14", "SCH", "WOC")
    scene.bring("LPR", case_id, "D04", "absent on Mondays")
    for partner in ("GGZ", "GCR", "JHA", *OTHERS):
        scene.who(partner)
    scene.who("SCH", "Colleague")
    return case_id


def plan_item(scene: Scene, case_id: bytes, by: str) -> None:
    """Log in neutral words what all three may read, and plan an action of oneself."""
    readers = [scene.who(partner).person_id for partner in OTHERS]
    desk = scene.desk(by, case_id)
    bring(
        desk,
        NewItem(
            ItemKind.INTERVENTION,
            "D15",
            "conversation_held",
            "",
            happened_on=house_clock.today(),
            recipients=readers,
            extra={"library_code": ""},
        ),
    )
    bring(
        scene.desk(by, case_id),
        NewItem(
            ItemKind.ACTION,
            "D16",
            "contact_continues",
            "",
            due_on=house_clock.today() + timedelta(days=3),
            recipients=readers,
            responsible_person_id=scene.who(by).person_id,
        ),
    )


def care_takes_part(scene: Scene, case_id: bytes) -> None:
    """Name mental health care, release to the case manager alone, and bring secret items."""
    scene.join(case_id, "GGZ")
    scene.release(case_id, "GGZ", SECRET, "GCR", "GPR")
    for category in SECRET:
        scene.bring("GGZ", case_id, category, f"secret {category}", [scene.who("GCR").person_id])
    scene.note(case_id, "GGZ", "D15", *OTHERS)


def life_goes_on(scene: Scene, case_id: bytes) -> None:
    """Do what everybody sees, after whatever is secret."""
    scene.bring("LPR", case_id, "D14", "kept an eye on", [scene.who("SCH").person_id])
    scene.decide(case_id, "POL", ["D01"], "GPR")
    scene.bring("POL", case_id, "D01")


def nothing(scene: Scene, case_id: bytes) -> None:
    """Do nothing at all."""
    _ = scene, case_id


@dataclass(frozen=True, slots=True)
class Worlds:
    """Copies of one scene that live through the same hours."""

    worlds: Sequence[Played[bytes]]
    clock: FrozenClock

    def live(self, *acts: Act) -> None:
        """Let each world do its own thing in the same hour."""
        for world, act in zip(self.worlds, acts, strict=True):
            with world.app.app_context():
                act(world.scene, world.made)
        self.clock.advance(HOUR)

    def compare(self, *partners: str) -> None:
        """Compare all that each of these partners can reach, and what they find and preview."""
        for partner in partners:
            first, *others = (site_of(world, partner) for world in self.worlds)
            for other in others:
                assert list(differences(first, other)) == []


def site_of(world: Played[bytes], partner: str) -> Site:
    """Read the whole site as one person, and the answers to what this person may ask."""
    visitor = world.visitor(partner)
    case_id = world.made.hex()
    case = f"/cases/{case_id}"
    parts = [f"{case}?part={category}" for category in ("D07", "D09", "D14", "D15")]
    alone = [f"{case}/items/{'0' * 32}", f"{case}/releases/{'0' * 32}"]
    site = Site(visitor).crawl("/", case, *parts, *alone, skip=ALIKE)
    posts: Mapping[str, dict[str, str]] = {
        "/search": {"surname": "de Bruin", "born_on": "2010-05-01"},
        "/search ": {"surname": "Other", "born_on": "2010-05-01"},
        f"{case}/contribute": {"category": "D16", "title": "x", "preview": "yes"},
        f"{case}/ask": {"category": "D07"},
    }
    for path, data in posts.items():
        answer = visitor.post(path.strip(), data)
        site.pages[f"POST {site.alike(path)}"] = site.alike(f"{answer.status_code} {answer.text}")
    return site


Begin = Callable[[int], Worlds]


def answer_of(world: Played[bytes], partner: str, path: str, data: Posted) -> str:
    """Post something in the case and give the whole answer, made alike."""
    visitor = world.visitor(partner)
    answer = visitor.post(f"/cases/{world.made.hex()}/{path}", data)
    site = Site(visitor)
    return site.alike(f"{answer.status_code} {answer.headers.get('Location')} {answer.text}")


def member_of(world: Played[bytes], partner: str) -> str:
    """Give what a list of choices posts for somebody of a partner."""
    return world.scene.who(partner).membership_id.hex()
