"""A sweep: one or two changes run through their levels, and the least cost at each of them."""
