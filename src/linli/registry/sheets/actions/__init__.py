"""Putting sheets in force."""
