"""The blind index: who is found under which token, and what a dump of it shows."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from config.database import Stores
from config.errors import InvalidInputError
from config.keys import LocalKek
from pga.records.identity import Identity, RegionIndex, rows_of_cases
from pga.records.models import identity_index

CASE, OTHER = b"c" * 16, b"d" * 16
BORN = date(2010, 5, 17)
YOUTH = Identity("111222333", ("De Vries",), "Youssef Ali", BORN)
KEK = LocalKek([bytes(32)], "test")


@pytest.fixture
def index() -> RegionIndex:
    return RegionIndex(KEK, "GM0361")


def store(stores: Stores, index: RegionIndex, who: Identity, case_id: bytes) -> None:
    with stores.keys.begin() as connection:
        connection.execute(insert(identity_index), index.rows(who, case_id))


def seek(stores: Stores, index: RegionIndex, who: Identity) -> list[bytes]:
    with stores.keys.connect() as connection:
        return index.candidates(connection, who)


@pytest.mark.parametrize(
    "who",
    [
        Identity(bsn="111222333"),
        Identity(bsn="111.222.333"),
        Identity(surnames=("Devries",), born_on=BORN),
        Identity(surnames=("vries",), born_on=BORN),
        Identity(surnames=("De Fries",), born_on=BORN),
        Identity(surnames=("De Vries",), given_names="Joussef", born_on=date(2010, 1, 1)),
        Identity(surnames=("Jansen", "De Vries"), born_on=BORN),
    ],
)
def test_a_youth_is_found_by_bsn_or_by_name_with_birth_date(
    stores: Stores, index: RegionIndex, who: Identity
) -> None:
    store(stores, index, YOUTH, CASE)
    store(stores, index, Identity(surnames=("Bakker",), born_on=BORN), OTHER)

    assert seek(stores, index, who) == [CASE]


@pytest.mark.parametrize(
    "who",
    [
        Identity(),
        Identity(surnames=("De Vries",)),
        Identity(surnames=("De Vries",), given_names="Youssef"),
        Identity(born_on=BORN),
        Identity(surnames=("De Vries",), given_names="Karim", born_on=date(2010, 1, 1)),
        Identity(surnames=("De Vries",), given_names="Youssef", born_on=date(2011, 5, 17)),
        Identity(bsn="123456782"),
    ],
)
def test_a_youth_is_not_found_by_a_name_alone_or_another_birth_date(
    stores: Stores, index: RegionIndex, who: Identity
) -> None:
    store(stores, index, YOUTH, CASE)

    assert seek(stores, index, who) == []


def test_two_regions_give_the_same_person_unequal_tokens(index: RegionIndex) -> None:
    mine = {token for _, token in index.tokens(YOUTH)}
    theirs = {token for _, token in RegionIndex(KEK, "GM0392").tokens(YOUTH)}

    assert len(mine) == len(theirs) == 7
    assert not mine & theirs


def test_a_youth_is_not_found_in_another_region(stores: Stores, index: RegionIndex) -> None:
    store(stores, index, YOUTH, CASE)

    assert seek(stores, RegionIndex(KEK, "GM0392"), YOUTH) == []


def test_another_key_gives_other_tokens(index: RegionIndex) -> None:
    other = RegionIndex(LocalKek([b"k" * 32], "test"), "GM0361")

    assert not index.tokens(YOUTH) & other.tokens(YOUTH)


def test_a_rotation_of_the_kek_keeps_the_index(index: RegionIndex) -> None:
    rotated = RegionIndex(LocalKek([bytes(32), b"k" * 32], "test"), "GM0361")

    assert index.tokens(YOUTH) == rotated.tokens(YOUTH)


def test_the_stored_index_shows_no_case_no_name_and_no_bsn(
    stores: Stores, index: RegionIndex
) -> None:
    store(stores, index, YOUTH, CASE)

    with stores.keys.connect() as connection:
        rows = connection.execute(select(identity_index)).all()
    dump = repr(rows).encode()
    handles = {row.handle for row in rows}
    assert len(handles) == len(rows) == 7
    for secret in (CASE.hex().encode(), b"cccc", b"vries", b"Vries", b"111222333"):
        assert secret not in dump


def test_a_handle_moved_to_another_row_opens_no_case(stores: Stores, index: RegionIndex) -> None:
    store(stores, index, Identity(bsn="111222333"), CASE)
    store(stores, index, Identity(bsn="123456782"), OTHER)

    with stores.keys.begin() as connection:
        mine, theirs = connection.execute(select(identity_index.c.token, identity_index.c.handle))
        for token, handle in ((mine.token, theirs.handle), (theirs.token, b"short")):
            connection.execute(
                update(identity_index).where(identity_index.c.token == token).values(handle=handle)
            )
    with stores.keys.connect() as connection:
        assert [case_id for *_, case_id in rows_of_cases(connection, KEK)] == [None, None]
    assert seek(stores, index, Identity(bsn="111222333")) == []


def test_removing_a_person_leaves_other_cases_of_that_person(
    stores: Stores, index: RegionIndex
) -> None:
    store(stores, index, YOUTH, CASE)
    store(stores, index, YOUTH, OTHER)

    with stores.keys.begin() as connection:
        assert index.remove(connection, YOUTH, CASE) == 7
        assert index.remove(connection, YOUTH, CASE) == 0

    assert seek(stores, index, YOUTH) == [OTHER]


def test_a_walk_over_the_index_gives_the_case_of_every_region(
    stores: Stores, index: RegionIndex
) -> None:
    store(stores, index, Identity(bsn="111222333"), CASE)
    store(stores, RegionIndex(KEK, "GM0392"), Identity(bsn="111222333"), OTHER)
    store(stores, index, Identity(bsn="123456782"), CASE)

    with stores.keys.connect() as connection:
        found = [case_id for *_, case_id in rows_of_cases(connection, KEK)]

    assert sorted(filter(None, found)) == [CASE, CASE, OTHER]


@pytest.mark.parametrize("bsn", ["123456789", "12", "abcdefghi"])
def test_a_bsn_that_fails_the_eleven_test_is_refused(index: RegionIndex, bsn: str) -> None:
    with pytest.raises(InvalidInputError):
        index.tokens(Identity(bsn=bsn))
