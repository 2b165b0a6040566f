"""The live page: an instance solved again while a slider moves, on this machine and for its user only."""
