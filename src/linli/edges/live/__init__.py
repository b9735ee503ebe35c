"""Live screens: the state that a person watches, sent when it changes. How it works: docs/mechanisms/live.md."""
