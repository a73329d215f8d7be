"""What ships: weights, cards, swatches, thumbnails."""
