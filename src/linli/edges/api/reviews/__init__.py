"""Monthly reviews: what is published of them."""
