"""The Merkle tree of the log: RFC 6962 section 2.1 (= RFC 9162 section 2.1 for SHA-256), pure.

A leaf is hashed with a leading 00 and a node with a leading 01, so that neither passes for the
other. A tree of n leaves splits at the largest power of two below n; nothing is padded.
A frontier is the list of roots of the perfect subtrees of a tree, largest first: one per 1-bit of
its size. It is all that is needed to append and to give the root.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]


class ProofError(ValueError):
    """A proof does not show what it claims."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry to its leaf."""
    return sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees to the node above them."""
    return sha256(NODE_PREFIX + left + right).digest()


def append(frontier: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> list[bytes]:
    """Append leaf hashes to a tree of `size` leaves; give its new frontier."""
    stack = list(frontier)
    for number, leaf in enumerate(leaves, start=size):
        node = leaf
        # Each trailing 1-bit of the old size is a perfect subtree that this leaf completes.
        carry = number
        while carry & 1:
            node = node_hash(stack.pop(), node)
            carry >>= 1
        stack.append(node)
    return stack


def root(frontier: Sequence[bytes]) -> bytes:
    """Give the root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    node = frontier[-1]
    for left in reversed(frontier[:-1]):
        node = node_hash(left, node)
    return node


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Give the root of a perfect subtree over 2^k hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def frontier_ranges(size: int) -> list[tuple[int, int]]:
    """List the leaves [first, end) under each hash of the frontier of a tree of `size` leaves."""
    ranges = []
    first = 0
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            ranges.append((first, first + (1 << bit)))
            first += 1 << bit
    return ranges


def inclusion_proof(index: int, size: int, node: NodeAt) -> list[bytes]:
    """Prove that leaf `index` stands in the tree of `size` leaves (RFC 6962, 2.1.1).

    `node(level, position)` gives the root of the perfect subtree over the leaves
    [position * 2^level, (position + 1) * 2^level). Raises ProofError for an index outside the tree.
    """
    if not 0 <= index < size:
        message = "the entry does not stand in this tree"
        raise ProofError(message)
    proof: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            proof.append(_range_root(middle, end, node))
            end = middle
        else:
            proof.append(_range_root(first, middle, node))
            first = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: NodeAt) -> list[bytes]:
    """Prove that the tree of `old` leaves is the beginning of that of `new` (RFC 6962, 2.1.2).

    Raises ProofError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        message = "a proof of consistency needs 0 < old <= new"
        raise ProofError(message)
    proof: list[bytes] = []
    first, end = 0, new
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            proof.append(_range_root(middle, end, node))
            end = middle
        else:
            proof.append(_range_root(first, middle, node))
            first = middle
    if first:
        proof.append(_range_root(first, end, node))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Check that a leaf hash stands at `index` under a root (RFC 9162, 2.1.3.2).

    Raises ProofError when it does not.
    """
    if not 0 <= index < size:
        message = "the entry does not stand in this tree"
        raise ProofError(message)
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _check_length(proof, inner + border)
    node = leaf
    for level, sibling in enumerate(proof):
        on_the_left = level < inner and not index >> level & 1
        node = node_hash(node, sibling) if on_the_left else node_hash(sibling, node)
    if node != expected_root:
        message = "the proof leads to another root"
        raise ProofError(message)


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that one tree is the beginning of another (RFC 9162, 2.1.4.2).

    Raises ProofError when it is not.
    """
    if not 0 < old <= new:
        message = "a proof of consistency needs 0 < old <= new"
        raise ProofError(message)
    path = list(proof)
    if old == new:
        _check_length(path, 0)
        first = second = old_root
    else:
        shift = (old & -old).bit_length() - 1
        split = ((old - 1) ^ (new - 1)).bit_length()
        inner, border = split - shift, ((old - 1) >> split).bit_count()
        is_perfect = old & (old - 1) == 0
        _check_length(path, inner + border + (0 if is_perfect else 1))
        first = second = old_root if is_perfect else path.pop(0)
        mask = (old - 1) >> shift
        for level, sibling in enumerate(path):
            if level >= inner or mask >> level & 1:
                first = node_hash(sibling, first)
                second = node_hash(sibling, second)
            else:
                second = node_hash(second, sibling)
    if first != old_root or second != new_root:
        message = "the trees are not consistent"
        raise ProofError(message)


def _split(count: int) -> int:
    """Give the largest power of two below a count of at least two."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(first: int, end: int, node: NodeAt) -> bytes:
    """Give the root over the leaves [first, end), a range as the tree itself cuts them."""
    count = end - first
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, first >> level)
    middle = first + _split(count)
    return node_hash(_range_root(first, middle, node), _range_root(middle, end, node))


def _check_length(proof: Sequence[bytes], length: int) -> None:
    """Refuse a proof that is longer or shorter than the sizes ask, or holds no hashes."""
    if len(proof) != length or any(len(step) != HASH_BYTES for step in proof):
        message = "the proof has the wrong length"
        raise ProofError(message)
