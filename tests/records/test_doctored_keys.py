"""What the owner of the keys store can change in SQL, and what that closes."""

import pytest

from pga.records.errors import CaseFaultError
from tests.records.faults import closes, refuses
from tests.records.world import World, create


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE case_key SET wrapped = :junk", "seal"),
        ("DELETE FROM case_key", "keys"),
    ],
)
def test_a_doctored_root_key_closes_the_case(world: World, change: str, reason: str) -> None:
    case_id = world.start()
    bound = {"junk": b"j" * 60} if "junk" in change else {}

    world.sql_keys(change, **bound)

    refuses(world, case_id, reason)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE data_key SET wrapped = :junk WHERE category = 'D05'",
        "UPDATE data_key SET commitment = :junk WHERE category = 'D05'",
        "UPDATE data_key SET generation = 7 WHERE category = 'D05'",
        "UPDATE data_key SET category = 'D15' WHERE category = 'D05'",
        "DELETE FROM data_key WHERE category = 'D05'",
    ],
)
def test_a_doctored_key_of_a_category_closes_what_it_sealed(world: World, change: str) -> None:
    case_id = world.start(create("police"), create("identity", category="D01"))
    sealed = next(item.id for item in world.items(case_id) if item.category == "D05")
    bound = {"junk": b"j" * 60} if "junk" in change else {}

    world.sql_keys(change, **bound)

    closes(world, case_id, sealed)


def test_the_root_key_of_another_case_does_not_open_this_one(world: World) -> None:
    case_id, other = world.start(), world.start()

    world.sql_keys(
        "UPDATE case_key SET wrapped = (SELECT wrapped FROM case_key WHERE case_id = :other) "
        "WHERE case_id = :case",
        other=other,
        case=case_id,
    )

    refuses(world, case_id, "seal")


def test_a_write_with_a_doctored_key_is_refused(world: World) -> None:
    case_id = world.start()
    world.sql_keys("UPDATE data_key SET wrapped = :junk", junk=b"j" * 60)

    with pytest.raises(CaseFaultError):
        world.write(case_id, create())


def test_a_write_never_gives_an_existing_case_a_new_root_key(world: World) -> None:
    case_id = world.start()
    world.sql_keys("DELETE FROM case_key")

    with pytest.raises(CaseFaultError):
        world.write(case_id, create())
