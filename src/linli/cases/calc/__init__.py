"""Pure parts of the room: who, how urgent, by when, what next. No ORM, no clock, no I/O."""
