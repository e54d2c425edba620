"""The Merkle tree agrees with RFC 9162 as an independent implementation computes it, and no wrong proof is believed."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree
from pymerkle.hasher import MerkleHasher

from shixun.kernel import merkle

SIZES = st.integers(min_value=1, max_value=200)


def tree_of(size: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(b"entry %d" % number)
    return tree


def hashes_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(size)]


def flipped(step: bytes) -> bytes:
    return bytes([step[0] ^ 1]) + step[1:]


def test_hashes_have_their_prefixes() -> None:
    hasher = MerkleHasher("sha256")
    assert merkle.leaf_hash(b"a") == hasher.hash_buff(b"a")
    assert merkle.node_hash(b"l" * 32, b"r" * 32) == hasher.hash_pair(b"l" * 32, b"r" * 32)


@settings(max_examples=60, deadline=None)
@given(SIZES)
def test_roots_are_those_of_another_implementation(size: int) -> None:
    assert merkle.root_of(hashes_of(size)) == tree_of(size).get_root()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_inclusion(data: st.DataObject) -> None:
    """The proof is theirs, leads to the root, and to nothing else once leaf, place, size or a step is another."""
    size = data.draw(SIZES)
    number = data.draw(st.integers(0, size - 1))
    hashes = hashes_of(size)
    proof = merkle.inclusion_proof(number, size, merkle.subtrees_of(hashes))
    theirs = tree_of(size).prove_inclusion(number + 1)
    assert proof == [bytes(step) for step in theirs.path[1:]]
    root = merkle.root_of(hashes)
    assert merkle.is_included(hashes[number], number, size, proof, root)
    assert not merkle.is_included(merkle.leaf_hash(b"another"), number, size, proof, root)
    assert not merkle.is_included(hashes[number], number, size, [*proof, root], root)
    for other in {(number + 1) % size, number ^ 1, size - 1 - number} - {number}:
        assert not merkle.is_included(hashes[number], other, size, proof, root)
    for at in range(len(proof)):
        wrong = [*proof[:at], flipped(proof[at]), *proof[at + 1 :]]
        assert not merkle.is_included(hashes[number], number, size, wrong, root)
        assert not merkle.is_included(hashes[number], number, size, proof[:at], root)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_consistency(data: st.DataObject) -> None:
    """An honest growth is proven; a history rewritten anywhere before the earlier size is not."""
    later = data.draw(SIZES)
    earlier = data.draw(st.integers(0, later))
    hashes = hashes_of(later)
    roots = merkle.root_of(hashes[:earlier]), merkle.root_of(hashes)
    proof = merkle.consistency_proof(earlier, later, merkle.subtrees_of(hashes))
    assert merkle.is_consistent(earlier, later, proof, *roots)
    for at in range(len(proof)):
        wrong = [*proof[:at], flipped(proof[at]), *proof[at + 1 :]]
        assert not merkle.is_consistent(earlier, later, wrong, *roots)
    if earlier:
        changed = data.draw(st.integers(0, earlier - 1))
        rewritten = [*hashes[:changed], merkle.leaf_hash(b"rewritten"), *hashes[changed + 1 :]]
        forged = merkle.consistency_proof(earlier, later, merkle.subtrees_of(rewritten))
        assert not merkle.is_consistent(earlier, later, forged, roots[0], merkle.root_of(rewritten))


@pytest.mark.parametrize(
    "asked",
    [
        lambda: merkle.inclusion_proof(3, 3, merkle.subtrees_of(hashes_of(3))),
        lambda: merkle.consistency_proof(4, 3, merkle.subtrees_of(hashes_of(3))),
        lambda: merkle.perfect_root(hashes_of(3)),
    ],
)
def test_what_there_is_no_proof_of(asked: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"leaves|leaf"):
        asked()


def test_an_empty_log_is_the_beginning_of_every_log() -> None:
    assert merkle.root_of([]) == merkle.EMPTY_ROOT == tree_of(0).get_root()
    assert merkle.is_consistent(0, 3, [], merkle.EMPTY_ROOT, merkle.root_of(hashes_of(3)))
    assert not merkle.is_consistent(0, 3, [], b"x" * 32, merkle.root_of(hashes_of(3)))
