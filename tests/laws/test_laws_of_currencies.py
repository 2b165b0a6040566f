"""Money in other currencies, whose rates change within periods, in random markets: against every choice tried."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from optimizer.audit import audit
from tests.examples import examples
from tests.laws.markets import CHOICES, KINDS, edited, instances
from tests.laws.oracle import Oracle
from tests.laws.test_laws import MOST_COMBINATIONS, SAME, cost, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

Tables = dict[str, Any]

TERMS = ("stock", "ramp", "lead", "duty", "lanes", "window", "corridor", "differing")


def _draw_rates(draw: Any, record: Tables) -> None:
    """Let offers, lanes and corridors be in two other currencies, of which rates change on any days or not at all."""
    market = record["market"]
    market["start"] = "2027-01-01"
    currency = st.sampled_from([None, "EUR", "CNY"])
    for table in ("offers", "lanes", "corridors"):
        for row in market[table]:
            row["currency"] = draw(currency)
    later = st.dates(date(2026, 6, 1), date(2028, 12, 31))
    market["rates"] = [
        {"currency": name, "rate": draw(st.sampled_from([0.25, 1, 1.5, 8])), "from_date": day and str(day)}
        for name in ("EUR", "CNY")
        for day in [None, *draw(st.lists(later, max_size=2, unique=True))]
    ]


@st.composite
def abroad(draw: Any) -> EnforcedInstance:
    return edited(draw(instances(CHOICES, TERMS, KINDS)), lambda record: _draw_rates(draw, record))


@examples(200)
@given(abroad())
def test_the_optimum_is_the_least_over_all_choices(asked: EnforcedInstance) -> None:
    oracle = Oracle(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    assert cost(asked) == pytest.approx(oracle.least_cost(), **SAME)
    solution = solved(asked)
    assert solution is None or audit(solution.account) == []
