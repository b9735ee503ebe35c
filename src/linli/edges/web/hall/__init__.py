"""Pages in the hall of a monthly review: big screen, host, jury, jurors, who waits for their turn."""
