"""Who reads in secret is told to nobody, not even to the owner of what was read (R-29)."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product

import pytest

from audit.entries import Kind
from config import clock
from pga.cases import queries as cases
from pga.cases.rules import WorkKind
from pga.dossier.rules import ItemKind
from pga.dossier.service import repairs
from pga.dossier.service.contributions import NewItem, bring
from pga.dossier.service.repairs import TooLateError
from pga.sharing.service.disclose import Look, disclose_one
from tests.factories.crawl import Site, differences
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played
from tests.factories.worlds import OTHERS, Begin, answer_of, everybody_but_care, nothing


def care_takes_part(scene: Scene, case_id: bytes) -> None:
    """Name youth care, which reads the actions of everybody."""
    scene.join(case_id, "JHA")


REPAIRS: Mapping[str, dict[str, str]] = {
    "correct": {"title": "Agreed", "text": "Call on Tuesday", "version": "1"},
    "withdraw": {},
    "wrong-case": {},
    "undo": {},
}


def agreed(scene: Scene, case_id: bytes) -> dict[tuple[str, str], str]:
    """Let each of the others bring what all at the table read, one on a day for each repair.

    Gives the ways to them within the case.
    """
    found = {}
    for days, (partner, repair) in enumerate(product(OTHERS, REPAIRS)):
        new = NewItem(
            ItemKind.CONTRIBUTION,
            "D16",
            f"To {repair}",
            "Call Anna",
            happened_on=clock.today() - timedelta(days=days),
        )
        item_id = bring(scene.desk(partner, case_id), new)
        found[partner, repair] = f"items/{item_id.hex()}"
    return found


def care_reads(scene: Scene, case_id: bytes) -> None:
    """Let youth care open the case."""
    disclose_one(scene.who("JHA").viewer, case_id, Look(Kind.OPENED))


def waiting_for(world: Played[bytes], partner: str) -> list[tuple[str, str | None]]:
    """List what waits for somebody in the case, and about which category."""
    with world.app.app_context():
        person_id = world.scene.who(partner).person_id
        return [(one.kind, one.category) for one in cases.open_work(person_id, [], [world.made])]


def test_an_owner_cannot_tell_from_any_repair_that_secret_help_read_an_item(begin: Begin) -> None:
    worlds = begin(2)
    worlds.live(nothing, care_takes_part)
    ways = []
    for world, reads in zip(worlds.worlds, (nothing, care_reads), strict=True):
        with world.app.app_context():
            ways.append(agreed(world.scene, world.made))
            reads(world.scene, world.made)
    for partner, (repair, form) in product(OTHERS, REPAIRS.items()):
        shown, done = [], []
        for world, way in zip(worlds.worlds, ways, strict=True):
            path = way[partner, repair]
            page = world.visitor(partner).read(f"/cases/{world.made.hex()}/{path}/repair")
            shown.append(Site(world.visitor(partner)).alike(page))
            done.append(answer_of(world, partner, f"{path}/{repair}", form))
        assert shown[0] == shown[1]
        assert done[0] == done[1]
        assert done[0].startswith("303")
    for partner in OTHERS:
        sites = [
            Site(visitor).crawl("/", f"/cases/{world.made.hex()}", skip="/")
            for world in worlds.worlds
            for visitor in [world.visitor(partner)]
        ]
        assert list(differences(*sites)) == []
    first, second = (waiting_for(world, "JHA") for world in worlds.worlds)
    assert first == []
    assert {kind for kind, _category in second} == {WorkKind.STOP_USING, WorkKind.READ_CORRECTION}


def test_who_named_secret_help_is_shown_that_it_read_an_item(play: Play) -> None:
    world = play(everybody_but_care)
    with world.app.app_context():
        scene, case_id = world.scene, world.made
        care_takes_part(scene, case_id)
        new = NewItem(ItemKind.CONTRIBUTION, "D16", "Agreed", "Call Anna")
        item_id = bring(scene.desk("GPR", case_id), new)
        care_reads(scene, case_id)
        with pytest.raises(TooLateError):
            repairs.undo(scene.desk("GPR", case_id), item_id)
    page = world.visitor("GPR").read(f"/cases/{case_id.hex()}/items/{item_id.hex()}/repair")
    assert "First JHA" in page
    assert "Take it back" not in page
