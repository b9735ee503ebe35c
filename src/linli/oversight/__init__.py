"""Looking after how the rest is used: the floor above cases and programmes."""
