"""Visits: campaigns in which somebody calls at every door, unit or organisation of a place."""
