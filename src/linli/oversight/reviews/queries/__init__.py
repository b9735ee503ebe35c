"""Reading: for a named viewer, or for everybody where it is published."""
