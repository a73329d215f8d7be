"""The dialog, the window while the engine works, the engine's status: GTK 3."""
