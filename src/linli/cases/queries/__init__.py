"""All reading of cases; whoever looks is a parameter, and nobody sees nothing."""
