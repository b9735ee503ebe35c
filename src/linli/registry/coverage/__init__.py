"""Who is responsible for what at which place, and where nobody is."""
