"""What a page costs does not grow with items or cases: the same statements to each store."""

from collections import Counter

from audit.entries import Action
from pga.records import service as records
from pga.sharing.service.changes import Act, write
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played
from tests.factories.work import counted


def with_ten_items(scene: Scene) -> bytes:
    """Play a case with some ten items."""
    case_id = scene.case("SCH", "GGZ")
    add_items(scene, case_id, 8)
    return case_id


def add_items(scene: Scene, case_id: bytes, count: int) -> None:
    """Let the attendance officer bring many items in one write."""
    write(
        scene.desk("LPR", case_id),
        Act(Action.PROVIDE),
        [
            records.Create(
                category="D04",
                kind="contribution",
                content={"title": f"absence {number}", "text": "on Monday"},
                owner_organisation_id=scene.organisation("LPR"),
                owner_partner="LPR",
                author_person_id=scene.who("LPR").person_id,
                purpose="HELP",
            )
            for number in range(count)
        ],
    )


def cost(played: Played[bytes], visitor: Visitor, path: str) -> Counter[str]:
    """Count the statements of a page that was opened before."""
    visitor.read(path)
    with counted(played.app) as statements:
        visitor.read(path)
    return statements


def test_a_case_page_costs_the_same_with_ten_and_with_a_thousand_items(play: Play) -> None:
    played = play(with_ten_items)
    visitor = played.visitor("GCR")
    case = f"/cases/{played.made.hex()}"
    paths = ("", "?page=2", "?part=D04", "/participants", "/consent", "/contribute?category=D16")
    few = {path: cost(played, visitor, case + path) for path in paths}
    add_items(played.scene, played.made, 990)
    many = {path: cost(played, visitor, case + path) for path in paths}
    assert many == few
    assert sum(few[""].values()) <= 40


def test_the_work_list_costs_the_same_with_3_and_with_60_cases(play: Play) -> None:
    played = play(with_three_cases)
    visitor = played.visitor("LPR")
    paths = ("/", "/cases", "/log")
    few = {path: cost(played, visitor, path) for path in paths}
    for _ in range(57):
        played.scene.signal()
    many = {path: cost(played, visitor, path) for path in paths}
    assert many == few
    assert sum(few["/"].values()) <= 40


def with_three_cases(scene: Scene) -> bytes:
    """Send three signals, one of which grew to a plan."""
    scene.signal()
    scene.signal()
    return scene.case()
