"""The kernel: what every floor stands on. No tables; imports none of us."""
