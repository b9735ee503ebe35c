"""Signing in and out, one's password, one's tokens, how pages look."""
