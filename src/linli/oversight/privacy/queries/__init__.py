"""Reading: what is past its time, and what was asked for."""
