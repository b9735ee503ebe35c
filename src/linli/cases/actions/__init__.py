"""All writing of cases: one function, one use case, one transaction."""
