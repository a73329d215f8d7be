"""What a user asks for: declared options, a recipe before there are pixels, the request that describes a run."""
