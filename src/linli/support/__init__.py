"""Means that several domains use: the working calendar, files, documents."""
