"""Painting over: a draft made of the styles' own patches."""
