"""One client of the engine: its session, its uploads and downloads, its jobs, and the way to the engine."""
