"""Six ways on from what is set, in the dialog."""
