"""Organisations: Party committees, offices, departments, companies, units."""
