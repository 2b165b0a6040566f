"""A plan recounted: its numbers, how good it is known to be, and what its answer leaves out."""
