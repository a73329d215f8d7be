"""How messages travel: pyzmq where it loads, ZMTP in pure Python elsewhere."""
