"""Photos: sent first, attached to a case later."""
