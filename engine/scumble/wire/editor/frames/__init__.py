"""Frames of an editor's animation: which there are to choose, and how they are painted one after another."""
