"""A case of the limit on the HHI: shares of 0.7 and 0.3 have one of 0.58."""

from __future__ import annotations

from tests.blocks.markets import offer
from tests.limits.cases.market import Case

CASES: dict[str, Case] = {
    # 0.7^2 + 0.3^2 = 0.58; with two companies it is 0.5 at the least
    "hhi_cap": Case(
        {"kind": "hhi_cap", "count": "company", "max_hhi": 0.58},
        70 * 10 + 30 * 12,
        {"max_hhi": 0.49},
        {"max_hhi": 1},
        {"offers": [offer("north", 10, country="CN"), offer("island", 12, country="ID")], "owners": []},
    ),
}
