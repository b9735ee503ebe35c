"""When somebody is told, in what words, and how each service outside wants to be asked."""
