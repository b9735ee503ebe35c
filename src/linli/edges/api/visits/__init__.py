"""Visits through the API."""
