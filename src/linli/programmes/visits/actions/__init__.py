"""Planning and making visits."""
