"""Writing: wiping what is past its time, and what people ask for."""
