"""Programmes: what a district does regularly with people and organisations, beside single cases."""
