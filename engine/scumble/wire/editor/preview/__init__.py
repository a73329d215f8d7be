"""Previews in a dialog: what is asked for, at which size, and how an editor shows it."""
