"""People, their posts, their rights, and their logins."""
