"""Measurements: ratios within one run, never asserted in a test. Run as ``python -m benchmarks.NAME``."""
