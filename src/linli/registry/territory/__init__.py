"""Territory: the tree of areas, its boundaries by version, compounds and buildings; where a point lies."""
