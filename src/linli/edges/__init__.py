"""The ways in: pages, JSON, event streams, commands. Thin: parse, one domain call, render."""
