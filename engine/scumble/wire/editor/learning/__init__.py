"""Learning a style from a painting, in any editor: what is asked for, how far the engine is, in words."""
