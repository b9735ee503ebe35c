"""Pages about people and posts: who is responsible where, and how that changes."""
