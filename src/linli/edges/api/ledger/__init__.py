"""Facts, and the figures counted from them."""
