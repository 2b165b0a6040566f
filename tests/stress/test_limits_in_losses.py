"""A loss is answered within the limits that hold in responses."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest

from models.limits import KINDS
from models.limits.survival_floor import SurvivalFloor
from optimizer.errors import NoPlan
from tests.blocks.markets import ORE, solved
from tests.cli.command import ROOT, copied, lodeplan
from tests.laws.oracle_floors import OracleOfFloors
from tests.scenarios.limited import with_lot
from tests.stress.losing import lost
from tests.stress.markets import drawn
from tests.stress.oracle import Responding

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = ROOT / "docs" / "limits.md"
SHORTAGE = 1000.0


@pytest.mark.parametrize("penalty", [None, 7.0])
@pytest.mark.parametrize("kind", ["quantity_cap", "share_cap of supply", "share_cap of demand"])
@pytest.mark.parametrize("seed", [0, 3])
def test_a_loss_is_answered_within_the_limit(seed: int, kind: str, penalty: float | None) -> None:
    """The independent response of `tests/stress`, with the limit's row written down in plain numbers."""
    name, _, of = kind.partition(" of ")
    fields = {"max_quantity": 8.0} if name == "quantity_cap" else {"max_share": 0.3, "of": of}
    asked = with_lot(drawn(Random(seed), shortage_cost=SHORTAGE), KINDS[name], **fields, penalty=penalty)  # noqa: S311
    try:
        plan = solved(asked)
    except NoPlan:
        pytest.skip("nothing covers what is needed")
    late, calm = list(plan.account.market.years), sum(plan.account.plan.unmet.values())
    excess = {reading.key.period: reading.excess for _, reading in plan.account.readings}
    for one in plan.account.market.offers:
        found = lost(plan, f"offer:{one.offer}", begins=0, lasts=1)
        other = Responding(plan.account, 0, 1, {one.offer: 1.0})
        for period in late if found.hits else ():
            _hold(other, kind, period, penalty)
            other.constant -= (penalty or 0.0) * excess.get(period, 0.0)
        if found.hits:
            cost, unmet = other.least()
            assert found.extra_cost == pytest.approx(cost - SHORTAGE * calm, rel=1e-4, abs=1e-3 * SHORTAGE), one.offer
            assert sum(units for _, units in found.worst.unmet) == pytest.approx(sum(unmet.values()), abs=1e-2)


class Oracle(OracleOfFloors):
    """What stays covered within 8 t of the first lot in each period."""

    def respond(self, offer: str, begins: int, lasts: int) -> Responding:
        other = super().respond(offer, begins, lasts)
        for period in self.periods[begins:]:
            _hold(other, "quantity_cap", period, None)
        return other


@pytest.mark.parametrize("seed", [0, 8])
def test_a_floor_is_reached_within_the_limit(seed: int) -> None:
    floor = SurvivalFloor(name="floor", each="offer", lasts=1, min_covered=0.3, hard=True)
    capped = with_lot(drawn(Random(seed), shortage_cost=SHORTAGE), KINDS["quantity_cap"], max_quantity=8.0)  # noqa: S311
    plan = solved(capped.model_copy(update={"limits": (*capped.limits, floor)}))
    told = {(r.key.who, r.key.period): r.used for limit, r in plan.account.readings if limit.name == "floor"}
    covered = getattr(Oracle(plan.account), f"_{floor.kind}")(floor)
    assert told
    for key, share in told.items():
        assert share == pytest.approx(covered[key], abs=1e-5), key
        assert share >= 0.3 - 1e-6


def _hold(other: Responding, kind: str, period: str, penalty: float | None) -> None:
    """Add the row of a limit on what the first lot brings in a period."""
    arrive = dict.fromkeys((c for (_, to, p), c in other.flow.items() if (to, p) == ("plant", period)), 1.0)
    row = dict.fromkeys((c for (who, _, p), c in other.flow.items() if (who, p) == ("lot0", period)), 1.0)
    most = 8.0 if kind == "quantity_cap" else 0.0
    if kind == "share_cap of supply":
        row = {column: row.get(column, 0.0) - 0.3 for column in arrive}
    elif kind == "share_cap of demand":
        most = 0.3 * other.market.demand_of(ORE, [period])
    if penalty is not None:
        row[other.lp.column(penalty, float("inf"))] = -1.0
    other.lp.row(row, -float("inf"), most)


def test_the_page_on_limits_tells_what_a_cap_that_is_held_costs_the_tutorial(tmp_path: Path) -> None:
    folder = copied("tutorial-lithium-cobalt", tmp_path)
    header = folder / "instance.toml"
    text = header.read_text("utf-8") + "\n[response]\nsurge = 0.5\nsurge_premium = 0.25\ntake_or_pay = 0.3\n"
    header.write_text(text, "utf-8")
    assert lodeplan("solve", folder, "-o", tmp_path / "plan").code == 0
    shown = re.findall(
        r"^\| (Finland|Chile|DR Congo) \| (\w+) \| (\d+%) \| (\d+%) \|$", LIMITS.read_text("utf-8"), re.MULTILINE
    )
    assert len(shown) == len({row[0] for row in shown}) == 3
    for place, rows in ((2, text), (3, text.replace("max_share = 0.4", "max_share = 0.4\nin_responses = true", 1))):
        header.write_text(rows, "utf-8")
        told = lodeplan("stress", tmp_path / "plan", folder, "--lose", "each-country@place").out
        for row in shown:
            assert re.search(rf"^{row[0]} +2027 +{row[1]} +{row[place]} ", told, re.MULTILINE), (row, told)
