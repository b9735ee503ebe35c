"""Pure parts of the room: what functions are, and who covers which place."""
