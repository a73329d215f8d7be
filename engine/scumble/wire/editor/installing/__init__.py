"""Installing the engine from within an editor: from what, by which Python, how far it is, in words."""
