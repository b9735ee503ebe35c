"""Pictures made clean, and where they lie; pure."""
