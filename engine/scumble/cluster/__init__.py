"""Several engines as one, for many pictures: those of several machines, or those of a Ray cluster's workers."""
