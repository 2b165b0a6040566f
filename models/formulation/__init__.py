"""The mixed-integer program of an instance: the sourcing model, its blocks, its limits, and its components."""
