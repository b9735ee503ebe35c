"""Staff's pages of the monthly review, and those in its hall."""
