"""What users read, and its translations."""
