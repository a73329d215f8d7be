"""The plug-in for GIMP 3. `scumble.py` beside this folder is the program that GIMP starts; it imports from here."""
