"""What the plug-in knows and does: the engine, jobs, history, previews. No widgets."""
