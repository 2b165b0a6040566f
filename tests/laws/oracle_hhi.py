"""The cap on an HHI, as the oracle of `oracle.py` reads it: a convex function of what is bought, cut by its slopes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from models.records.countries import UNDISCLOSED
from tests.laws.oracle import Oracle, Sum, plus, times

if TYPE_CHECKING:
    from tests.laws.oracle import Option

_EXACT = 3e-7
"""Units that count as rounding: SciPy breaks a row by a third of that."""


class OracleOfHhi(Oracle):
    """An oracle that also knows HHI caps: every linear program gets slopes until all of them hold."""

    def __init__(self, instance: Any) -> None:
        self.capped: list[tuple[list[tuple[float, Sum]], Sum, float, Sum]] = []
        """Weighted parts, whole, a whole that is known, and what level and excess allow, of every row."""
        super().__init__(instance)

    def _hhi_cap(self, limit: Any) -> None:
        risk = {record.country: record.risk for record in self.market.countries}
        for cell in self.cells(limit):
            found = self.attribution(*cell, limit.basis or limit.count)
            part = {who: plus(*(times(w, amount) for w, amount in of.values())) for who, of in found.items()}
            factor = {who: risk[who] if limit.weight else 1.0 for who in part if who in risk or not limit.weight}
            known = [who for who in part if who != UNDISCLOSED]
            laid_at = known if limit.undisclosed == "counts" and UNDISCLOSED in part else []
            excess: Sum = {}
            if limit.penalty is not None:
                excess = {("excess", limit.name, len(self.capped)): 1.0}
                self.spend("penalty", times(limit.penalty, excess))
            demand = self.demand(cell[0], cell[2]) if limit.of == "demand" else 0.0
            whole: Sum = {} if limit.of == "demand" else self.supply(*cell)
            allowed = plus(times(limit.max_hhi, whole), excess)
            for worst in laid_at or [""]:
                parts = {who: part[who] for who in (known if laid_at else part)}
                if worst:
                    parts[worst] = plus(part[worst], part[UNDISCLOSED])
                weighted = [(factor[who], units) for who, units in parts.items()]
                self.capped.append((weighted, whole, demand, plus(allowed, {"level": limit.max_hhi * demand})))

    def _solve(self, chosen: tuple[Option, ...]) -> float:
        """Return the least cost; slopes hold for every choice, and are kept."""
        while True:
            cost = super()._solve(chosen)
            if math.isinf(cost) or not self._cut():
                return cost

    def _cut(self) -> bool:
        """Add a slope of every row that is broken; return whether there was one."""

        def at(units: Sum) -> float:
            return sum(factor * self.values[key] for key, factor in units.items() if key != "level")

        rows = []
        for weighted, whole, demand, allowed in self.capped:
            total = at(whole) + demand
            if total <= _EXACT:
                continue
            share = [at(units) / total for _, units in weighted]
            hhi = sum(factor * s * s for (factor, _), s in zip(weighted, share, strict=True))
            if hhi * total - at(allowed) - allowed["level"] <= _EXACT:
                continue
            slopes = [times(2 * factor * s, units) for (factor, units), s in zip(weighted, share, strict=True)]
            less = plus(*slopes, times(-hhi, whole), times(-1.0, {k: v for k, v in allowed.items() if k != "level"}))
            rows.append((less, hhi * demand + allowed["level"]))
        self.always.rows += rows
        return bool(rows)
