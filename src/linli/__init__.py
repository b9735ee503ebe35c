"""Linli (邻里): what a city district runs its grass roots on."""
