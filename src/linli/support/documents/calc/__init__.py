"""How a register's values and lines are spelled; pure."""
