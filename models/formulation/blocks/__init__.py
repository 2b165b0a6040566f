"""What follows from the market beyond the core: one file a family, each with one `add(m)`.

A block returns at once when its part of the market is empty; otherwise it adds variables, families
of rows, and named terms to `m.costs` and `m.supply`, over which balance, objective, audit and
reports loop. To add one, write its file and name it in `BLOCKS`.
"""

from models.formulation.blocks import commitments, contracts, lanes, ramp, refining, stockpile, switching, tiers

BLOCKS = (refining, contracts, commitments, tiers, lanes, stockpile, ramp, switching)
