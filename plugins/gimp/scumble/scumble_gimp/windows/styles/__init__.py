"""Choosing styles: rows, grids, masks, thumbnails."""
