"""*slim*, distilled from VGG19."""
