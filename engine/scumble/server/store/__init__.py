"""What the engine keeps on disk, by its digest, and the results it has computed already. Loads no torch."""
