"""A method on a Windows that lacks the libraries of torch: it ends at its import."""

raise OSError('[WinError 126] Das angegebene Modul wurde nicht gefunden. Error loading "shm.dll" or its dependencies.')
