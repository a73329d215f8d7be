"""What crosses the wire: messages and events, pixels, data by digest, errors and notes, with their limits."""
