"""Styles that the engine learns, one after the other, beside its jobs."""
