"""Merkle trees against the vectors of Certificate Transparency, and against the RFC's own recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.facts.calc.merkle import inclusion_path, is_included, leaf_hash, node_hash, tree_head

# Source: Certificate Transparency's reference tests; leaves and the heads over the first 0..8 of them.
DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
HEADS = [
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
PATH_OF_0_IN_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
ODD_NODE_DOUBLED_OF_3 = "decb470003499e4d6517d780e992af87d02c54b4d3ef9e46f25bd2ef88491d97"

hashes = st.binary(min_size=32, max_size=32)


def head_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(head_by_definition(leaves[:split]), head_by_definition(leaves[split:]))


@pytest.mark.parametrize("size", range(9))
def test_tree_head_of_reference_leaves(size: int) -> None:
    assert tree_head(LEAVES[:size]).hex() == HEADS[size]


def test_tree_head_does_not_double_the_odd_node() -> None:
    doubled = tree_head([*LEAVES[:3], LEAVES[2]]).hex()

    assert doubled == ODD_NODE_DOUBLED_OF_3
    assert tree_head(LEAVES[:3]).hex() != ODD_NODE_DOUBLED_OF_3


def test_inclusion_path_of_reference_leaf() -> None:
    assert [step.hex() for step in inclusion_path(LEAVES, 0)] == PATH_OF_0_IN_8


@pytest.mark.parametrize("index", [-1, 8])
def test_inclusion_path_outside_the_tree(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_path(LEAVES, index)


@given(st.lists(hashes, max_size=70))
def test_tree_head_grown_equals_definition(leaves: list[bytes]) -> None:
    assert tree_head(leaves) == head_by_definition(leaves)


@given(st.lists(hashes, min_size=1, max_size=70), st.data())
def test_inclusion_of_every_leaf_holds(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, index)

    assert is_included(leaf=leaves[index], index=index, size=len(leaves), path=path, root=tree_head(leaves))


@given(st.lists(hashes, min_size=2, max_size=40, unique=True), st.data())
def test_inclusion_fails_once_anything_differs(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1).filter(lambda number: number != index))
    size, path, root = len(leaves), inclusion_path(leaves, index), tree_head(leaves)

    assert [
        is_included(leaf=leaves[other], index=index, size=size, path=path, root=root),
        is_included(leaf=leaves[index], index=other, size=size, path=path, root=root),
        is_included(leaf=leaves[index], index=index, size=size, path=path[:-1], root=root),
        is_included(leaf=leaves[index], index=index, size=size, path=[*path, root], root=root),
        is_included(leaf=leaves[index], index=size, size=size, path=path, root=root),
        is_included(leaf=leaves[index], index=index, size=size, path=path, root=leaves[index]),
    ] == [False] * 6
