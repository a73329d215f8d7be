"""The engine process: a front that is always there, workers that compute. `commands` is what others call."""
