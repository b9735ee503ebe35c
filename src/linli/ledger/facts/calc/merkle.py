"""Merkle trees as Certificate Transparency builds them.

Source: RFC 6962 §2.1 (hashes, heads, inclusion), RFC 9162 §2.1.3.2 (checking an inclusion). The odd node is carried
up, never doubled: doubling gives other roots and lets two lists share one (CVE-2012-2459).
All hashes are 32 bytes of SHA-256.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """Hash what a leaf stands for."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """A tree that takes one leaf hash at a time and keeps only its full subtrees: log2(size) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Put one leaf hash at the right end."""
        carried, position = leaf, self.size
        while position & 1:
            carried = node_hash(self._full.pop(), carried)
            position >>= 1
        self._full.append(carried)
        self.size += 1

    def head(self) -> bytes:
        """Give the root of the leaves so far."""
        if not self._full:
            return hashlib.sha256(b"").digest()
        head = self._full[-1]
        for subtree in reversed(self._full[:-1]):
            head = node_hash(subtree, head)
        return head


def tree_head(leaves: Iterable[bytes]) -> bytes:
    """Give the root over leaf hashes; of none, the hash of nothing."""
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.head()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Give the neighbours' hashes from the leaf up to the root.

    index: from 0. Raises IndexError.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return [*inclusion_path(leaves[:split], index), tree_head(leaves[split:])]
    return [*inclusion_path(leaves[split:], index - split), tree_head(leaves[:split])]


def is_included(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the path leads from the leaf hash at that index to the root of a tree of that size."""
    if not 0 <= index < size:
        return False
    here, last, reached = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            reached = node_hash(neighbour, reached)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            reached = node_hash(reached, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and reached == root
