"""A user's jobs in an editor, from what was asked for to a layer and to the history."""
