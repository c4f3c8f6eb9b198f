"""What the pages of the changeover cost does not grow with cases, decisions or departures."""

from collections import Counter

from pga.changeover.service import moves
from tests.changeover.conftest import Room, who
from tests.changeover.test_departures import leave, signatory
from tests.changeover.test_moving import proposal
from tests.changeover.versions import crowd
from tests.factories.browserless import Visitor
from tests.factories.work import counted


def cost(room: Room, visitor: Visitor, path: str) -> Counter[str]:
    """Count the statements of a page that was opened before."""
    visitor.read(path)
    with counted(room.played.app) as statements:
        visitor.read(path)
    return statements


def test_every_page_costs_the_same_with_few_and_with_many_cases(room: Room) -> None:
    case_id = room.scene.case("JWK")
    move_id = proposal(room).id
    departure = leave(room, "SCH")
    lead, manager = room.visitor("lead"), room.browser(room.scene.who("GCR"))
    signs = room.browser(signatory(room, "SCH"))
    pages = [
        (lead, "/changeover"),
        (lead, f"/changeover/{room.target.id.hex()}/move"),
        (lead, f"/changeover/moves/{move_id.hex()}"),
        (lead, f"/changeover/{room.source.id.hex()}/parties"),
        (signs, f"/changeover/departures/{departure.id.hex()}"),
        (signs, "/changeover"),
        (manager, f"/cases/{case_id.hex()}/version"),
    ]
    few = [cost(room, visitor, path) for visitor, path in pages]
    crowd(room.scene, 300, ["JWK", "SCH"])
    leave(room, "LPR")
    moves.withdraw(who(room.scene, "lead").viewer, move_id)
    proposal(room)
    many = [cost(room, visitor, path) for visitor, path in pages]
    assert many == few
    assert max(sum(one.values()) for one in few) <= 45
