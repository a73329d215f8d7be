"""Training of everything that ships: distillation of *slim*; data and schedules. Never imported by the engine."""
