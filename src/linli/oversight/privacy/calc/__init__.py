"""Arithmetic and texts that need no database."""
