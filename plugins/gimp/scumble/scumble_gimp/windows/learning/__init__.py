"""Learning a style: the window in which it is ordered and watched."""
