"""A made-up year in three real districts: places, organisations, people and cases, the same for the same seed."""
