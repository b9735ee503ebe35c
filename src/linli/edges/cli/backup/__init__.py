"""Taking the whole of an installation away into one file, and bringing it back."""
