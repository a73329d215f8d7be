"""Photorealistic: a painting's colours and light on the photograph's own edges and texture."""
