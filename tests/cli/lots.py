"""An instance that is not solved to its proof within minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
name = "lots"
title = "Lots that are taken whole or not at all"
currency = "USD"
mass_unit = "t"
as_of = 2027-01-01
[[periods]]
name = "2027"
years = 1
[limits.even]
kind = "share_cap"
each = "country"
basis = "control"
max_share = 0.25
penalty = 5000
[solve]
gap = 0.0
"""
COUNTRIES = ("AU", "CL", "ID", "US")


def write_lots(folder: Path) -> Path:
    """Write a market split as an instance: offers taken whole, whose owners are to be even over four countries."""
    draw = np.random.default_rng(0)
    sizes = draw.integers(100, 1000, 90)
    offers, owners = ["offer,company,material,stage,country,capacity,minimum_take,price"], ["company,country,share"]
    for number, size in enumerate(sizes):
        offers.append(f"o{number},c{number},ore,sold,CL,{size},{size},{draw.integers(900, 1100)}")
        parts = draw.multinomial(100, [0.25] * len(COUNTRIES))
        owners += [f"c{number},{country},{part}%" for country, part in zip(COUNTRIES, parts, strict=True)]
    folder.mkdir()
    for name, lines in {
        "instance.toml": [HEADER],
        "materials.csv": ["material,stages,basis,shortage_cost", "ore,sold,t,5000"],
        "sites.csv": ["site,country", "plant,US"],
        "demand.csv": ["site,material,period,quantity", f"plant,ore,2027,{sizes.sum() // 2}"],
        "offers.csv": offers,
        "owners.csv": owners,
    }.items():
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder
