"""Settings, URLs, and the ways in: everything that knows the whole house."""
