"""Two cases that differ only in secret help, or in a refusal, read the same byte for byte (R-29).

Two worlds start from one scene. The clock moves for both at once; in one of them mental health
care takes part. Then everything the others can reach by following links is compared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from config import clock as house_clock
from config.clock import FrozenClock
from pga.dossier.rules import ItemKind
from pga.dossier.service import repairs
from pga.dossier.service.contributions import NewItem, bring
from pga.sharing.rules import Answer
from pga.sharing.service import releases
from tests.factories.crawl import Site, differences
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played

OTHERS = ("POL", "SCH", "WOC")
HOUR = timedelta(hours=1)
SECRET = ("D07", "D09", "D14")
# One form of a contribution is made as any other, and so is one choice of the timeline.
ALIKE = r"contribute.category=(?!D14)|show=(?!c)|part=D0[1-6]"
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


@pytest.fixture
def begin(play: Play, clock: FrozenClock) -> Begin:
    """Begin so many worlds that are still the same."""
    return lambda count: Worlds([play(everybody_but_care) for _ in range(count)], clock)


def test_pages_are_byte_equal_whether_or_not_mental_health_care_takes_part(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, care_takes_part)
    worlds.live(life_goes_on, life_goes_on)
    worlds.compare(*OTHERS)


def test_what_secret_help_writes_in_the_plan_reads_as_the_case_managers_own(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, care_takes_part)
    worlds.live(
        lambda scene, case_id: plan_item(scene, case_id, "GCR"),
        lambda scene, case_id: plan_item(scene, case_id, "GGZ"),
    )
    worlds.live(life_goes_on, life_goes_on)
    worlds.compare(*OTHERS, "LPR")


def named_by_the_process_lead(scene: Scene, case_id: bytes) -> None:
    """Let the process lead name mental health care, which the case manager may not know."""
    scene.join(case_id, "GGZ")


def test_who_names_secret_help_does_not_learn_that_somebody_else_did_before(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, named_by_the_process_lead)
    worlds.clock.advance(timedelta(days=1))  # people named on one day stand in the order of ids
    naming = {"task": "contribution", "until_on": "2027-02-01"}
    for expected in (303, 422):
        answers = [
            answer_of(world, "GCR", "participants", {**naming, "person": member_of(world, "GGZ")})
            for world in worlds.worlds
        ]
        assert answers[0] == answers[1]
        assert answers[0].startswith(str(expected))
        worlds.live(nothing, nothing)
        worlds.compare("GCR", *OTHERS)
    ended = [
        answer_of(world, "GCR", f"participants/{newest_of(world, 'GGZ').hex()}/end", {})
        for world in worlds.worlds
    ]
    assert ended[0] == ended[1]
    worlds.compare("GCR", *OTHERS)
    outside, inside = (world.visitor("GGZ") for world in worlds.worlds)
    assert outside.get(f"/cases/{worlds.worlds[0].made.hex()}").status_code == 404
    assert inside.get(f"/cases/{worlds.worlds[1].made.hex()}").status_code == 200


def answer_of(world: Played[bytes], partner: str, path: str, data: dict[str, str]) -> str:
    """Post something in the case and give the whole answer, made alike."""
    visitor = world.visitor(partner)
    answer = visitor.post(f"/cases/{world.made.hex()}/{path}", data)
    site = Site(visitor)
    return site.alike(f"{answer.status_code} {answer.headers.get('Location')} {answer.text}")


def member_of(world: Played[bytes], partner: str) -> str:
    """Give what a list of choices posts for somebody of a partner."""
    return world.scene.who(partner).membership_id.hex()


def newest_of(world: Played[bytes], partner: str) -> bytes:
    """Give the participant of a partner whom the case manager named."""
    with world.app.app_context():
        desk = world.scene.desk("GCR", world.made)
        manager = world.scene.who("GCR").person_id
        return next(
            p.id for p in desk.facts.participants if p.partner == partner and p.added_by == manager
        )


def refused(scene: Scene, case_id: bytes) -> None:
    """Let the professional keep silent about what the youth agreed to."""
    release_id = scene.release(case_id, "GGZ", SECRET, *OTHERS, confirmed=False)
    releases.decline(scene.desk("GGZ", case_id), release_id)


def disagreed(scene: Scene, case_id: bytes) -> None:
    """Let the youth say no."""
    no: dict[bytes | None, Answer] = {None: Answer.DISAGREES}
    scene.release(case_id, "GGZ", SECRET, *OTHERS, confirmed=False, answers=no)


def unconfirmed(scene: Scene, case_id: bytes) -> None:
    """Ask for a release that nobody confirms."""
    scene.release(case_id, "GGZ", SECRET, *OTHERS, confirmed=False)


def withdrawn(scene: Scene, case_id: bytes) -> None:
    """Let the youth take a release back before anybody looked."""
    release_id = scene.release(case_id, "GGZ", SECRET, *OTHERS)
    scene.bring("GGZ", case_id, "D14", "calm at home", [scene.who("SCH").person_id])
    releases.withdraw(scene.desk("LPR", case_id), release_id)


def expired(scene: Scene, case_id: bytes) -> None:
    """Let a release run out before anybody looked."""
    scene.release(case_id, "GGZ", SECRET, *OTHERS, days=1)
    scene.bring("GGZ", case_id, "D14", "calm at home", [scene.who("SCH").person_id])


def item_taken_back(scene: Scene, case_id: bytes) -> None:
    """Let care withdraw what one person could have read."""
    scene.release(case_id, "GGZ", ["D14"], "SCH", days=1)
    item_id = scene.bring("GGZ", case_id, "D14", "calm", [scene.who("SCH").person_id])
    repairs.withdraw_item(scene.desk("GGZ", case_id), item_id)


def in_effect(scene: Scene, case_id: bytes) -> None:
    """Let the school read one item under a release."""
    scene.release(case_id, "GGZ", ["D14"], "SCH")
    scene.bring("GGZ", case_id, "D14", "calm", [scene.who("SCH").person_id])


def test_a_release_refused_withdrawn_or_expired_reads_as_one_never_asked(begin: Begin) -> None:
    acts = (nothing, refused, disagreed, unconfirmed, withdrawn, expired, item_taken_back)
    worlds = begin(len(acts))
    worlds.live(*[care_takes_part] * len(acts))
    worlds.live(*acts)
    worlds.clock.advance(timedelta(days=2))
    worlds.live(*[life_goes_on] * len(acts))
    worlds.compare(*OTHERS)


def test_the_comparison_sees_a_release_in_effect(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(care_takes_part, care_takes_part)
    worlds.live(nothing, in_effect)
    worlds.compare("POL", "WOC")
    with pytest.raises(AssertionError):
        worlds.compare("SCH")
