"""Training: *slim*, the painter, and styles of the user's own; data and schedules. Never imported by the engine."""
