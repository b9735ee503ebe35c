"""Codes in words, for pages and the API alike; no HTML here."""
