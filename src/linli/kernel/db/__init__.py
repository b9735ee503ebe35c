"""PostgreSQL as Linli uses it: keys that carry the district. Django's name for it: ENGINE = "linli.kernel.db"."""
