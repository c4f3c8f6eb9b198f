"""The Merkle tree against a naive one written from the definition, and the reference tree."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.auditctl import tree
from audit.auditctl.tree import ProofError

REFERENCE_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
# The tree that the implementations of RFC 6962 test themselves with: roots for sizes 0 to 8.
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(1, 300)


def naive_root(leaves: list[bytes]) -> bytes:
    """Follow the recursive definition of RFC 6962 section 2.1 to the letter."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def leaves_of(size: int) -> list[bytes]:
    return [tree.leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def node_of(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    def node(level: int, position: int) -> bytes:
        return tree.perfect_root(leaves[position << level : (position + 1) << level])

    return node


@pytest.mark.parametrize("size", range(9))
def test_the_reference_tree_has_its_known_roots(size: int) -> None:
    leaves = [tree.leaf_hash(entry) for entry in REFERENCE_LEAVES[:size]]
    assert tree.root(tree.append([], 0, leaves)).hex() == REFERENCE_ROOTS[size]


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_a_tree_grown_in_two_steps_is_the_tree_of_the_definition(first: int, second: int) -> None:
    leaves = leaves_of(first + second)
    frontier = tree.append([], 0, leaves[:first])
    grown = tree.append(frontier, first, leaves[first:])
    assert tree.root(grown) == naive_root(leaves)
    assert len(grown) == (first + second).bit_count()


@settings(deadline=None)
@given(SIZES)
def test_each_hash_of_a_frontier_is_the_root_over_its_range(size: int) -> None:
    leaves = leaves_of(size)
    ranges = tree.frontier_ranges(size)
    assert tree.append([], 0, leaves) == [naive_root(leaves[first:end]) for first, end in ranges]
    assert sum(end - first for first, end in ranges) == size


@settings(deadline=None)
@given(SIZES, st.data())
def test_every_entry_is_proven_to_stand_in_its_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof = tree.inclusion_proof(index, size, node_of(leaves))
    tree.verify_inclusion(leaves[index], index, size, proof, naive_root(leaves))


@settings(deadline=None)
@given(SIZES, st.data())
def test_every_tree_is_proven_to_begin_a_later_one(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    proof = tree.consistency_proof(old, new, node_of(leaves))
    tree.verify_consistency(old, new, proof, naive_root(leaves[:old]), naive_root(leaves))


@settings(deadline=None)
@given(st.integers(2, 100), st.data())
def test_a_proof_of_inclusion_with_one_changed_bit_is_refused(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof = tree.inclusion_proof(index, size, node_of(leaves))
    changed = _flip(proof, data)
    with pytest.raises(ProofError):
        tree.verify_inclusion(leaves[index], index, size, changed, naive_root(leaves))


@settings(deadline=None)
@given(st.integers(2, 100), st.data())
def test_a_proof_of_consistency_with_one_changed_bit_is_refused(
    new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, new - 1))
    leaves = leaves_of(new)
    changed = _flip(tree.consistency_proof(old, new, node_of(leaves)), data)
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, changed, naive_root(leaves[:old]), naive_root(leaves))


def _flip(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(proof[step])
    changed[bit // 8] ^= 1 << bit % 8
    return [*proof[:step], bytes(changed), *proof[step + 1 :]]


def test_a_proof_of_another_length_is_refused() -> None:
    leaves = leaves_of(7)
    root = naive_root(leaves)
    proof = tree.inclusion_proof(3, 7, node_of(leaves))
    for wrong in (proof[:-1], [*proof, proof[0]], [*proof[:-1], b"short"]):
        with pytest.raises(ProofError):
            tree.verify_inclusion(leaves[3], 3, 7, wrong, root)
    with pytest.raises(ProofError):
        tree.verify_consistency(7, 7, [root], root, root)


def test_equal_trees_need_no_proof_and_have_equal_roots() -> None:
    root = naive_root(leaves_of(5))
    tree.verify_consistency(5, 5, [], root, root)
    with pytest.raises(ProofError):
        tree.verify_consistency(5, 5, [], root, tree.EMPTY_ROOT)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_an_entry_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofError):
        tree.inclusion_proof(index, size, node_of([]))
    with pytest.raises(ProofError):
        tree.verify_inclusion(b"", index, size, [], tree.EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4)])
def test_a_tree_that_is_empty_or_later_begins_no_other(old: int, new: int) -> None:
    with pytest.raises(ProofError):
        tree.consistency_proof(old, new, node_of([]))
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, [], tree.EMPTY_ROOT, tree.EMPTY_ROOT)
