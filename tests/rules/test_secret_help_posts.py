"""What one posts tells nobody whether secret help takes part, nor what it wrote (R-29)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from config import clock
from pga.sharing.service.decisions import QUESTIONS
from pga.sharing.words import CONFLICT
from tests.factories.scene import Scene
from tests.factories.snapshots import Played
from tests.factories.worlds import Begin, answer_of, care_takes_part, nothing, plan_item

Form = Mapping[str, str | Sequence[str]]
REPAIRS = ("done", "correct", "withdraw", "undo", "wrong-case")


def forms_of(scene: Scene) -> Iterator[tuple[str, Form]]:
    """List forms in which a school names mental health care, or does what changes the case."""
    day = (clock.today() + timedelta(days=30)).isoformat()
    care, organisation = scene.who("GGZ"), scene.organisation("GGZ").hex()
    provider = f"{organisation}/GGZ"
    named = {"category": "D16", "title": "x", "recipients": [care.person_id.hex()]}
    release = {
        "provider": provider,
        "categories": ["D07", "D09"],
        "recipients": [scene.organisation("SCH").hex()],
        "valid_until": day,
        "way": "spoken",
        "youth": "agrees",
    }
    duty = {"kind": "conflict_of_duties", "conflict": "x", "conditions": list(CONFLICT)}
    answers = dict.fromkeys(QUESTIONS, "x")
    yield "contribute", {**named, "preview": "yes"}
    yield "contribute", named
    yield "actions/new", {"title": "x", "due_on": day, "responsible": care.person_id.hex()}
    for category in ("D07", "D09", "D99"):
        yield "ask", {"category": category}
    person = care.membership_id.hex()
    yield "participants", {"person": person, "task": "contribution", "until_on": day}
    yield "releases/new", release
    yield "releases/new", {**release, **duty}
    yield "help/new", {"provider": provider, "way": "spoken", "valid_until": day}
    yield "notes", {"category": "D16", "recipients": [organisation], "review_on": day, **answers}
    yield "releases/withdraw", {}
    yield "steps", {"target": "suspended", "reason": "abroad"}


def planned(world: Played[bytes]) -> list[str]:
    """Give the ways to what was planned last, by whomever."""
    with world.app.app_context():
        items = world.scene.desk("SCH", world.made).facts.items
        mine = [one for one in items if one.owner_partner in {"GCR", "GGZ"} and one.recipients]
        plan = [one for one in mine if one.category in {"D15", "D16"}]
        return [f"items/{one.id.hex()}" for one in sorted(plan, key=lambda one: one.kind)]


def test_no_answer_to_a_form_tells_of_secret_help(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, care_takes_part)
    worlds.live(
        lambda scene, case_id: plan_item(scene, case_id, "GCR"),
        lambda scene, case_id: plan_item(scene, case_id, "GGZ"),
    )
    for forms in zip(*(forms_of(world.scene) for world in worlds.worlds), strict=True):
        one, other = (
            answer_of(world, "SCH", path, form)
            for world, (path, form) in zip(worlds.worlds, forms, strict=True)
        )
        assert one == other, forms[0][0]
    ways = list(zip(*(planned(world) for world in worlds.worlds), strict=True))
    assert len(ways) == 2
    for pair in ways:
        for repair in REPAIRS:
            one, other = (
                answer_of(world, "SCH", f"{way}/{repair}", {"title": "x", "version": "1"})
                for world, way in zip(worlds.worlds, pair, strict=True)
            )
            assert one == other, repair
            assert one.startswith("403")
