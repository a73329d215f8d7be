"""A style's own texture, in windows of its picture, and the flat areas that it is laid under."""
