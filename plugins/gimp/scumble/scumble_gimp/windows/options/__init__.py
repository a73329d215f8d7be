"""The form of options and its widgets."""
