"""The preview in the dialog, and the live picture of a run."""
