"""What was painted before, in the dialog: its settings again, or the result."""
