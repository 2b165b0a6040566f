"""The headline of a plan: two numbers, and what a reader must not stop before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer.report.headline import write_headline
from optimizer.results.caveats import Caveats, Unmet

if TYPE_CHECKING:
    from collections.abc import Sequence

PROVEN = {"title": "Ore", "currency": "USD", "cost": 2e6, "bound": 2e6, "status": "proven", "sizes": {"parts": 1}}


def headline(free: tuple[float | None, float | None] | None, unmet: Sequence[str] = (), **more: Any) -> tuple[str, str]:
    left_out = Caveats(unmet=tuple(Unmet(material, 1.0, 2.0, 3.0, ()) for material in unmet)).as_data()
    without = None if free is None else {"bound": free[0], "cost": free[1]}
    return write_headline(PROVEN | {"unfinished": [], "without_limits": without} | left_out | more)


@pytest.mark.parametrize(
    ("free", "limits"),
    [
        (None, ""),
        ((2e6, 2e6), ", and its limits cost nothing"),
        ((1.5e6, 1.5e6), ", of which its limits cost 500 000 USD"),
        ((0.5e6, 0.5e6), ", of which its limits cost 1.50 million"),
        ((1.2e6, 1.5e6), ", of which its limits cost between 500 000 USD and 800 000 USD"),
        ((None, 1.5e6), ", of which its limits cost 500 000 USD or more"),
    ],
)
def test_it_says_what_the_limits_cost_as_far_as_that_is_known(
    free: tuple[float | None, float | None] | None, limits: str
) -> None:
    assert headline(free) == (f"The plan covers all demand for 2.00 million USD{limits}", "")


def test_what_is_unmet_or_not_proven_is_said_in_it() -> None:
    assert headline(None, ["ore"]) == ("The plan costs 2.00 million USD", "leaves demand for ore unmet")
    assert headline(None, ["ore", "tin", "zinc"])[1] == "leaves demand for ore and 2 more unmet"
    stopped = headline(None, ["ore"], status="stopped", bound=1e6)
    assert stopped[1] == "leaves demand for ore unmet and was stopped before its proof"
    assert headline(None, status="stopped", bound=1e6)[1] == "was stopped before its proof"
