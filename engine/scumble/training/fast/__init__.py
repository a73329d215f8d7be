"""The fast network: pairs, what judges it, and its training."""
