"""What answers clients: the socket, the engine behind it, one handler a kind of message. Loads no torch."""
