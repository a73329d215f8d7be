"""Styles of the user's own: `scumble train-style`."""
