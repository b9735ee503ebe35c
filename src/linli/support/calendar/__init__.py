"""The working calendar as data, and clocks that can be recomputed from their segments."""
