"""Arithmetic: tickets and ranks, scores, clocks, the year. No Django, no clock, no I/O."""
