"""Pure parts of the room: the roles a district starts with."""
