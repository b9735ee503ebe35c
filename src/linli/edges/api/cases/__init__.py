"""Cases: reporting, following, reading, taking steps."""
