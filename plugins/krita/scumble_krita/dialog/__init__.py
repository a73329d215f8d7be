"""The Style Transfer dialog."""
