"""Writing: planning the year, drawing, running the hall, counting ballots, following up."""
