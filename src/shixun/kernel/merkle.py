"""The mathematics of an append-only log: a Merkle tree as RFC 9162 (2.1) hashes it, its proofs and their verification.

Pure: bytes in, bytes out. A tree is asked for the hashes of its perfect subtrees only (``Subtrees``), so that whoever
stores a few of them can prove a leaf among millions without reading them all.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

# ``subtrees(level, index)``: the hash over the leaves ``index << level`` up to ``(index + 1) << level``, all present.
Subtrees = Callable[[int, int], bytes]


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf; the prefix keeps a leaf from ever being taken for a node."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node from those of its two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes whose number is a power of two."""
    level = list(hashes)
    if not level or len(level) & (len(level) - 1):
        raise ValueError(f"{len(level)} leaves are no perfect tree")
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


def subtrees_of(hashes: Sequence[bytes]) -> Subtrees:
    """The subtrees of leaf hashes held in memory."""
    return lambda level, index: perfect_root(hashes[index << level : (index + 1) << level])


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes held in memory, whatever their number."""
    return root(len(hashes), subtrees_of(hashes))


def root(size: int, subtrees: Subtrees) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return _range_hash(0, size, subtrees) if size else EMPTY_ROOT


def inclusion_proof(number: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """The hashes that lead from leaf ``number`` to the root of the first ``size`` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= number < size:
        raise ValueError(f"leaf {number} is not among the first {size}")
    proof, first, last = [], 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if number < middle:
            proof.append(_range_hash(middle, last, subtrees))
            last = middle
        else:
            proof.append(_range_hash(first, middle, subtrees))
            first = middle
    return proof[::-1]


def consistency_proof(earlier: int, later: int, subtrees: Subtrees) -> list[bytes]:
    """The hashes that show the first ``earlier`` leaves to be kept in the first ``later`` ones (RFC 9162, 2.1.4.1)."""
    if not 0 <= earlier <= later:
        raise ValueError(f"{earlier} leaves are not among {later}")
    if earlier in (0, later):
        return []
    proof, first, last, size, whole = [], 0, later, earlier, True
    while size != last - first:
        middle = first + _split(last - first)
        if size <= middle - first:
            proof.append(_range_hash(middle, last, subtrees))
            last = middle
        else:
            proof.append(_range_hash(first, middle, subtrees))
            size, first, whole = size - (middle - first), middle, False
    if not whole:
        proof.append(_range_hash(first, last, subtrees))
    return proof[::-1]


def root_from_inclusion(leaf: bytes, number: int, size: int, proof: Iterable[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); ``None`` where the proof has the wrong length."""
    if not 0 <= number < size:
        return None
    place, end, found = number, size - 1, leaf
    for step in proof:
        if end == 0 or len(step) != HASH_BYTES:
            return None
        if place & 1 or place == end:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, end = place >> 1, end >> 1
        else:
            found = node_hash(found, step)
        place, end = place >> 1, end >> 1
    return found if end == 0 else None


def is_included(leaf: bytes, number: int, size: int, proof: Iterable[bytes], root: bytes) -> bool:
    """Does the proof lead from this leaf hash to this root?"""
    return root_from_inclusion(leaf, number, size, proof) == root


def is_consistent(earlier: int, later: int, proof: Sequence[bytes], earlier_root: bytes, later_root: bytes) -> bool:
    """Does the proof show the later tree to begin with the earlier one (RFC 9162, 2.1.4.2)?"""
    if earlier == later:
        return not proof and earlier_root == later_root
    if earlier == 0:
        return not proof and earlier_root == EMPTY_ROOT
    if earlier > later or any(len(step) != HASH_BYTES for step in proof):
        return False
    steps = list(proof)
    if earlier & (earlier - 1) == 0:
        steps.insert(0, earlier_root)
    if not steps:
        return False
    place, end = earlier - 1, later - 1
    while place & 1:
        place, end = place >> 1, end >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if end == 0:
            return False
        if place & 1 or place == end:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, end = place >> 1, end >> 1
        else:
            second = node_hash(second, step)
        place, end = place >> 1, end >> 1
    return end == 0 and first == earlier_root and second == later_root


def _range_hash(first: int, last: int, subtrees: Subtrees) -> bytes:
    """The hash over leaves ``first`` up to ``last``; every range of the recursion begins where a subtree of it may."""
    size = last - first
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtrees(level, first >> level)
    middle = first + _split(size)
    return node_hash(_range_hash(first, middle, subtrees), _range_hash(middle, last, subtrees))


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1
