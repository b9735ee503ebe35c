"""Sheets without a database: what they look like, how cells are read, what a file would change."""
