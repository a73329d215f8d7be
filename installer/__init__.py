"""The parts of install.py: the engine's environment, the plug-ins in every editor, and their removal.

They start with the standard library alone, on Python 3.9. Whatever changes a file goes through `disk`.
"""
