"""Personal data: kept no longer than declared, and what people ask for about their own."""
