"""Bid sheets in any columns, read into offers: what is taken of them and what is left is told."""
