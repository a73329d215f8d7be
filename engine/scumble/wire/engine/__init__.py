"""The engine on this machine or another: its folders, its connection file, how it is started. Opens no socket."""
