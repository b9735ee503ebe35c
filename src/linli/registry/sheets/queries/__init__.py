"""Reading what a district keeps, as its sheets say it."""
