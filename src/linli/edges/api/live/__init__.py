"""The polling twin of the event stream."""
