"""Notices: what staff are told inside the program."""
