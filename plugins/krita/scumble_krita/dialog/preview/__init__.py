"""The preview in the dialog: its picture, mouse and keys over it, the buttons under it."""
