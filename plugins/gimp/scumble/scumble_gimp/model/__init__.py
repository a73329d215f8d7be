"""What a run is: the engine, the layers it is for, what was used last. No windows."""
