"""The registry: who holds which post, in what, where."""
