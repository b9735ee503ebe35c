"""Pages of the tree of areas: what there is at each level, and how that changes from a day on."""
