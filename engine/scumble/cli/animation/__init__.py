"""`scumble animate`: frames in their order."""
