"""Commands in the terminal."""
