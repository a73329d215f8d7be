"""Where things are in a photograph: its subject, faces, sky; as soft masks."""
