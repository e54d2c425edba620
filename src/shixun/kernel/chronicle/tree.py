"""The tree of a stored log: sizes, roots and proofs from leaves and the few subtrees that are kept."""

from collections.abc import Sequence

from shixun.kernel import merkle
from shixun.kernel.chronicle.models import Leaf, Subtree

# Subtrees of 256 and of 65,536 leaves are kept: a proof among millions reads some hundred rows.
LEVELS = (8, 16)
BLOCK = 1 << LEVELS[0]


class BrokenLog(Exception):
    """Leaves or subtrees are missing that were there: ``check-ledger`` tells which."""


def size_of(log: str) -> int:
    """How many leaves a log has."""
    last = Leaf.objects.filter(log=log).order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else last + 1


class StoredTree:
    """One log as it is now. Keeps what it has read, so that many proofs of one size read little."""

    def __init__(self, log: str) -> None:
        self.log = log
        self._kept: dict[tuple[int, int], bytes] = {}
        self._blocks: dict[int, list[bytes]] = {}

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` leaves."""
        return merkle.root(size, self.subtrees)

    def inclusion(self, number: int, size: int) -> list[bytes]:
        """The proof that a leaf is in the tree of a size."""
        return merkle.inclusion_proof(number, size, self.subtrees)

    def consistency(self, earlier: int, later: int) -> list[bytes]:
        """The proof that the later tree begins with the earlier one."""
        return merkle.consistency_proof(earlier, later, self.subtrees)

    def subtrees(self, level: int, place: int) -> bytes:
        """A perfect subtree; ``BrokenLog`` where its parts are not there."""
        if (level, place) not in self._kept:
            self._kept[level, place] = self._read(level, place)
        return self._kept[level, place]

    def _read(self, level: int, place: int) -> bytes:
        base = max((kept for kept in LEVELS if kept <= level), default=0)
        if base:
            width = 1 << level - base
            return merkle.perfect_root(self._subtree_rows(base, place * width, width))
        first = place << level
        block = self._block(first // BLOCK)
        found = block[first % BLOCK : first % BLOCK + (1 << level)]
        if len(found) != 1 << level:
            raise BrokenLog(f"{self.log}: leaves from {first} on are missing")
        return merkle.perfect_root(found)

    def _subtree_rows(self, level: int, first: int, width: int) -> list[bytes]:
        rows = Subtree.objects.filter(log=self.log, level=level, place__range=(first, first + width - 1))
        found = [bytes(row) for row in rows.order_by("place").values_list("hash", flat=True)]
        if len(found) != width:
            raise BrokenLog(f"{self.log}: subtrees {level}/{first} … are missing")
        return found

    def _block(self, number: int) -> list[bytes]:
        if number not in self._blocks:
            self._blocks[number] = leaf_hashes(self.log, number * BLOCK, (number + 1) * BLOCK)
        return self._blocks[number]


def leaf_hashes(log: str, first: int, last: int) -> list[bytes]:
    """The hashes of leaves ``first`` up to ``last``, as far as there are any."""
    rows = Leaf.objects.filter(log=log, number__gte=first, number__lt=last).order_by("number")
    return [bytes(row) for row in rows.values_list("hash", flat=True)]


class Growing:
    """Leaves added one after the other: the root at any moment, and each perfect subtree as it becomes whole."""

    def __init__(self, hashes: Sequence[bytes] = ()) -> None:
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []
        for leaf in hashes:
            self.add(leaf)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; gives (level, place, hash) of every kept subtree that it completes."""
        level, found, whole = 0, leaf, []
        while self._stack and self._stack[-1][0] == level:
            found = merkle.node_hash(self._stack.pop()[1], found)
            level += 1
            if level in LEVELS:
                whole.append((level, self.size >> level, found))
        self._stack.append((level, found))
        self.size += 1
        return whole

    def restore(self, log: str, size: int) -> None:
        """Take up a stored log at a size, from its subtrees."""
        tree, first = StoredTree(log), 0
        self._stack, self.size = [], size
        while first < size:
            level = (size - first).bit_length() - 1
            self._stack.append((level, tree.subtrees(level, first >> level)))
            first += 1 << level

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._stack:
            return merkle.EMPTY_ROOT
        found = self._stack[-1][1]
        for _, left in reversed(self._stack[:-1]):
            found = merkle.node_hash(left, found)
        return found
