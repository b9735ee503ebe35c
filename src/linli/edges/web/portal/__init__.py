"""Residents' pages: report, follow, say how it went, the public board."""
