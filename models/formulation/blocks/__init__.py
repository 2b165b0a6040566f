"""What follows from the market beyond the core: one file a family, each with one `BLOCK`.

A block adds variables, families of rows, and named terms to `m.costs` and `m.supply`, over which balance, objective
and reports loop; and it says what a plan breaks of it, which materials it couples, and what no plan can keep. Audit,
parts and plain reasons loop over `BLOCKS`. To add one, write its file and name it there.
"""

from models.formulation.blocks import (
    calls,
    commitments,
    contracts,
    lanes,
    open_days,
    ramp,
    refining,
    reservations,
    stockpile,
    switching,
    tiers,
    under_way,
)
from models.formulation.blocks.block import MarketBlock

BLOCKS: tuple[MarketBlock, ...] = tuple(
    block.BLOCK
    for block in (
        calls,
        refining,
        contracts,
        commitments,
        tiers,
        lanes,
        open_days,
        stockpile,
        under_way,
        ramp,
        switching,
        reservations,
    )
)
