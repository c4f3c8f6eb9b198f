"""The proof behind a link, over the tiles and the tail of a stored tree."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from audit import tiles
from audit.auditctl import tree
from audit.gate import Gate
from audit.models import audit_entry, audit_head, audit_tile
from audit.proofs import inclusion_proof
from audit.reading import TamperedError
from audit.tiles import TiledTree
from config.errors import NotFoundError
from tests.audit.conftest import read_of
from tests.audit.tamper import Owner

LARGE = 70_000
"""More than 256 full tiles, so that there is a tile of the second level."""


@pytest.fixture(scope="module")
def leaves() -> list[bytes]:
    return [tree.leaf_hash(number.to_bytes(4, "big")) for number in range(LARGE)]


@pytest.fixture(scope="module")
def stored(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """The tiles of the large tree, completed in batches as a log would."""
    made: dict[tuple[int, int], bytes] = {}
    sizes = [0, 1, 255, 256, 300, 5000, 65_535, 65_536, LARGE]
    for size, end in pairwise(sizes):
        for level, number, data in tiles.completed(
            size,
            leaves[size:end],
            lambda first, last: leaves[first:last],
            lambda level, number: made[level, number],
        ):
            assert (level, number) not in made
            made[level, number] = data
    return made


def test_only_full_tiles_are_stored_each_over_the_tile_below(
    leaves: list[bytes], stored: dict[tuple[int, int], bytes]
) -> None:
    assert sorted(stored) == [*((0, n) for n in range(LARGE // 256)), (1, 0)]
    assert stored[0, 3] == b"".join(leaves[768:1024])
    assert stored[1, 0][32:64] == tree.perfect_root(leaves[256:512])


def tiled_of(size: int, leaves: list[bytes], stored: dict[tuple[int, int], bytes]) -> TiledTree:
    """Read a tree of some size from these leaves and tiles."""
    return TiledTree(
        size,
        lambda first, end: leaves[first:end],
        lambda level, first, end: [stored[level, number] for number in range(first, end)],
    )


@given(st.data())
def test_the_tiles_prove_every_entry_of_every_size(
    leaves: list[bytes], stored: dict[tuple[int, int], bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, LARGE))
    index = data.draw(st.integers(0, size - 1))
    tiled = tiled_of(size, leaves, stored)
    root = tree.root(tree.append([], 0, leaves[:size])) if size < 3000 else None
    proof = tree.inclusion_proof(index, size, tiled.node)
    if root is not None:
        tree.verify_inclusion(leaves[index], index, size, proof, root)
    assert len(proof) <= size.bit_length()


def test_a_proof_from_tiles_leads_to_the_root_of_a_large_tree(
    leaves: list[bytes], stored: dict[tuple[int, int], bytes]
) -> None:
    tiled = tiled_of(LARGE, leaves, stored)
    root = tree.root(tree.append([], 0, leaves))
    for index in (0, 255, 256, 65_535, 65_536, LARGE - 1):
        proof = tree.inclusion_proof(index, LARGE, tiled.node)
        tree.verify_inclusion(leaves[index], index, LARGE, proof, root)
    proof = tree.consistency_proof(65_700, LARGE, tiled.node)
    old_root = tree.root(tree.append([], 0, leaves[:65_700]))
    tree.verify_consistency(65_700, LARGE, proof, old_root, root)


def test_every_entry_of_a_log_has_its_proof(gate: Gate) -> None:
    gate.record_many([read_of() for _ in range(300)])
    for seq in (0, 255, 256, 299):
        proof = inclusion_proof(seq, gate.reader)
        proof.check()
        assert (proof.seq, proof.size) == (seq, 300)


def test_an_entry_that_is_not_there_has_no_proof(gate: Gate) -> None:
    with pytest.raises(NotFoundError):
        inclusion_proof(0, gate.reader)
    gate.record(read_of())
    with pytest.raises(NotFoundError):
        inclusion_proof(1, gate.reader)


def test_a_changed_log_gives_no_proof(gate: Gate) -> None:
    gate.record_many([read_of() for _ in range(260)])
    owner = Owner(gate.engine)
    deeds: tuple[Callable[[], None], ...] = (
        lambda: owner.edit_leaf(7, b'"v":1', b'"v":2'),
        lambda: owner.run(update(audit_head).values(root=bytes(32))),
        lambda: owner.run(update(audit_head).values(size=3)),
        lambda: owner.run(delete(audit_tile)),
        lambda: owner.remove(258, audit_entry),
    )
    for deed in deeds:
        with owner.undone():
            deed()
            with pytest.raises(TamperedError):
                inclusion_proof(7, gate.reader)
    leaf = owner.read(select(audit_entry.c.leaf).where(audit_entry.c.seq == 7))[0][0]
    assert inclusion_proof(7, gate.reader).leaf == bytes(leaf)
