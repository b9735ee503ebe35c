"""Who signed in, looked at what is masked, took data out, or changed rights."""
