"""Jobs, in which order they are done, and the worker processes as the front sees them. Loads no torch."""
