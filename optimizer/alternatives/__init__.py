"""Plans that cost little more than the best and differ from it."""
