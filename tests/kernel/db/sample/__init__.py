"""An app of the tests alone; its models lie in `rows`, so that a registry can be made while they are imported."""
