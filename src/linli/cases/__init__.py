"""The heart: anything somebody has to deal with by a time."""
