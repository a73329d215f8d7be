"""Measurements: ratios within one run, never asserted in a test. Each module is run as ``python -m benchmarks.NAME``."""
