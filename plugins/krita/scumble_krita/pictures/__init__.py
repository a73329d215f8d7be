"""Krita's layers and selections as pixels, and pixels as a new layer: no widgets, no engine."""
