"""Facts, and the seals that make a change in them show."""
