"""The editors of this machine: where their profiles are, and the plug-in in them."""
