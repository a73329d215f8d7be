"""Many pictures in one command, by one engine or by several."""
