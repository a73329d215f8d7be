"""What is wrong on this machine, in words, and the file that a user attaches to a report."""
