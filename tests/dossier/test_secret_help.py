"""Secret help leaves no trace on the pages of others, whatever happens with it (R-29)."""

import pytest

from pga.sharing.service import releases
from tests.dossier.conftest import Table
from tests.factories.browserless import TOKEN
from tests.factories.fixtures import Play
from tests.factories.scene import Scene

OTHERS = ("POL", "SCH", "WOC")


def with_the_others(scene: Scene) -> bytes:
    """Play a case to its plan, with police, school and housing corporation at the table."""
    case_id = scene.case("POL", "SCH", "WOC", "JWK")
    scene.bring("LPR", case_id, "D04", "absent on Mondays")
    scene.decide(case_id, "POL", ["D01"], "GPR")
    scene.bring("POL", case_id, "D01", "seen at the station")
    scene.who("GGZ")
    return case_id


@pytest.fixture
def table(play: Play) -> Table:
    """A case in which mental health care does not take part yet."""
    return Table(play(with_the_others))


def pages_of(table: Table, partner: str) -> dict[str, bytes]:
    """Read everything a partner can open around the case, without the token of its forms."""
    visitor = table.visitor(partner)
    found = {}
    for path in (
        "/",
        "/cases",
        "/my-organisation",
        table.path,
        f"{table.path}?show=contributions",
        f"{table.path}?part=D07",
        f"{table.path}/participants",
        f"{table.path}/consent",
        f"{table.path}/contribute",
        f"{table.path}/print",
        f"{table.path}/steps",
    ):
        response = visitor.get(path)
        body = TOKEN.sub("", response.text).encode()
        found[path] = str(response.status_code).encode() + b" " + body
    return found


def seen_by_others(table: Table) -> dict[str, dict[str, bytes]]:
    """Read the pages of the others, as they are once everybody has looked at the case before."""
    for partner in OTHERS:
        table.visitor(partner).read(table.path)
    return {partner: pages_of(table, partner) for partner in OTHERS}


def test_mental_health_care_that_takes_part_changes_no_byte_for_police_school_and_housing(
    table: Table,
) -> None:
    scene, case_id = table.scene, table.case_id
    before = seen_by_others(table)
    assert all(pages[table.path].startswith(b"200 ") for pages in before.values())
    scene.join(case_id, "GGZ")
    scene.release(case_id, "GGZ", ["D07", "D09"], "GPR")
    scene.bring("GGZ", case_id, "D07", "speak in short sentences")
    scene.bring("GGZ", case_id, "D09", "in treatment")
    assert seen_by_others(table) == before


def test_a_release_that_is_refused_changes_no_byte_for_others(table: Table) -> None:
    scene, case_id = table.scene, table.case_id
    scene.join(case_id, "GGZ")
    before = seen_by_others(table)
    release_id = scene.release(case_id, "GGZ", ["D07"], "SCH", "POL", confirmed=False)
    assert seen_by_others(table) == before
    releases.decline(scene.desk("GGZ", case_id), release_id)
    assert seen_by_others(table) == before


def test_a_participant_who_is_no_secret_is_seen(table: Table) -> None:
    before = seen_by_others(table)
    table.scene.join(table.case_id, "HLT")
    assert all(
        seen[table.path] != before[partner][table.path]
        for partner, seen in seen_by_others(table).items()
    )
