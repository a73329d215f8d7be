"""The docker: the engine, the queue, the history."""
