"""A worker process: what computes, told by the front over its standard input and output. Loads torch."""
