"""The style library: cards, search, statistics."""
