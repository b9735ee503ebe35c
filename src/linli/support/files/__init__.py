"""Photos that cases and other things have: taken in, cleaned, kept, handed out."""
