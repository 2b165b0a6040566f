"""Driving a solver: arrays in, an outcome with bound and gap out."""
