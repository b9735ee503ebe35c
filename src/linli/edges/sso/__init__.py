"""Single sign-on: providers of the office's accounts, by configuration."""
