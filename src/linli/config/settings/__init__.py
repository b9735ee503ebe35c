"""Django's settings: base for everybody, test for the suite."""
