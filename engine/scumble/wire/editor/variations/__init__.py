"""Six ways on from what is set: what they are, and how they are painted small, one after another."""
