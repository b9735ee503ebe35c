"""Staff's pages of visits: plan, call, see how far it is, and what was found."""
