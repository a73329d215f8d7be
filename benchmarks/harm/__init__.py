"""What is done to an engine, and to files, to see whether they bear it."""
