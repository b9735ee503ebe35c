"""Areas, organisations, posts and people."""
