"""Origins that are named without shares: whatever the shares turn out to be, what was promised holds."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from models.market import CountryRisk, Origin
from models.market.impacts import find_impact
from models.market.losses import Subject
from models.records.countries import UNDISCLOSED
from optimizer.notes import list_notes
from tests.blocks.markets import instance, offer, solved
from tests.limits.cases.market import limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from optimizer.results.solution import Solution

OFFERS = [offer("lot", 10), offer("mix", 11), offer("known", 14), offer("other", 15)]
ORIGINS = [
    Origin(offer="lot", stage="mined", country="CD"),
    Origin(offer="lot", stage="mined", country="ID"),
    Origin(offer="mix", stage="mined", country="CL", share=0.6),
    Origin(offer="mix", stage="mined", country="CD"),
    Origin(offer="mix", stage="mined", country="PE"),
    Origin(offer="known", stage="mined", country="AU", share=1),
    Origin(offer="other", stage="mined", country="CA", share=1),
]
RISK = {"CD": 8.0, "ID": 3.0, "CL": 1.0, "PE": 4.0, "AU": 1.0, "CA": 1.0}
RISKS = [CountryRisk(country=country, risk=risk) for country, risk in RISK.items()]
BY_PLACE = {"basis": "place", "stages": ["mined"]}


def asked(*limits: Limit, origins: list[Origin] = ORIGINS) -> EnforcedInstance:
    return instance(OFFERS, {"1": 100}, *limits, origins=origins, countries=RISKS)


def splits(solution: Solution) -> Iterator[dict[str, float]]:
    """Yield what share of all hangs on each country, for every split of what has no share, in tenths."""
    bought = {name: quantity / 100 for (name, _), quantity in solution.account.quantity.items()}
    lot, mix = bought.get("lot", 0.0), bought.get("mix", 0.0)
    for first, second in product(range(11), range(11)):
        yield {
            "CD": lot * first / 10 + 0.4 * mix * second / 10,
            "ID": lot * (1 - first / 10),
            "PE": 0.4 * mix * (1 - second / 10),
            "CL": 0.6 * mix,
            "AU": bought.get("known", 0.0),
            "CA": bought.get("other", 0.0),
        }


@pytest.mark.parametrize(
    ("kind", "fields", "worst"),
    [
        ("share_cap", {"country": "CD", "max_share": 0.3}, lambda share: share["CD"] - 0.3),
        ("share_cap", {"country": "ID", "max_share": 0.3}, lambda share: share["ID"] - 0.3),
        ("share_cap", {"each": "country", "max_share": 0.55}, lambda share: max(share.values()) - 0.55),
        ("quantity_cap", {"country": "CD", "max_quantity": 20}, lambda share: share["CD"] - 0.2),
        ("ban", {"country": "CD"}, lambda share: share["CD"]),
        ("hhi_cap", {"count": "country", "max_hhi": 0.4}, lambda share: sum(s * s for s in share.values()) - 0.4),
        (
            "hhi_cap",
            {"count": "country", "max_hhi": 0.9, "weight": "risk"},
            lambda share: sum(RISK[who] * s * s for who, s in share.items()) - 0.9,
        ),
        ("dual_source", {"count": "country", "max_share": 0.7, "counts_from": 0.1}, lambda s: max(s.values()) - 0.7),
    ],
)
def test_a_cap_holds_for_every_split_of_what_has_no_share(
    kind: str, fields: dict[str, Any], worst: Callable[[dict[str, float]], float]
) -> None:
    solution = solved(asked(limit(kind, **(BY_PLACE | fields), hard=True)))
    assert solution.cost > 1000, "the cap binds: the cheapest lot is not bought in full"
    assert max(map(worst, splits(solution))) <= 1e-6


def test_each_named_country_counts_wholly_against_its_cap_and_not_at_all_towards_a_floor() -> None:
    capped = [limit("share_cap", name=who, country=who, max_share=1, **BY_PLACE) for who in ("CD", "ID")]
    solution = solved(asked(*capped))
    assert [(reading.used, reading.undisclosed) for _, reading in solution.account.readings] == [(1, 1), (1, 1)]
    apart = limit("share_cap", country="CD", max_share=0.1, undisclosed="apart", **BY_PLACE)
    assert solved(asked(apart)).cost == pytest.approx(1000)
    # of the mix only the 0.6 that is stated helps a floor on Chile
    floor = limit("share_floor", country="CL", min_share=0.3, hard=True, **BY_PLACE)
    assert solved(asked(floor)).cost == pytest.approx(50 * 10 + 50 * 11)
    never = limit("share_floor", country="CD", min_share=0.1, penalty=1, **BY_PLACE)
    assert solved(asked(never)).account.penalty == pytest.approx(10)


def test_an_origin_without_a_share_is_a_gap_in_tables_and_is_told_as_one() -> None:
    named = asked(limit("share_cap", country="CD", max_share=0.5, **BY_PLACE))
    solution = solved(named)
    exposure = solution.account.exposure
    assert exposure.weights(OFFERS[0], "mined", "place") == {UNDISCLOSED: 1.0}
    assert exposure.weights(OFFERS[1], "mined", "place") == pytest.approx({"CL": 0.6, UNDISCLOSED: 0.4})
    assert [note for note in list_notes(named) if "without shares" in note] == [
        (
            "offers lot and mix name origins at stage mined without shares: what has none counts as undisclosed (ZZ) "
            "under every cap at that stage"
        )
    ]
    # as if nobody had said anything: the same program, so the same cost
    silent = [origin for origin in ORIGINS if origin.share is not None]
    assert solved(asked(*named.limits, origins=silent)).cost == solution.cost


@pytest.mark.parametrize(("who", "left"), [("CD", 0.0), ("ID", 0.0), ("PE", 1.0), ("CN", 1.0)])
def test_a_loss_of_a_named_country_takes_all_that_it_may_be(who: str, left: float) -> None:
    solution = solved(asked())
    network = solution.account.network
    subject = Subject("country", who, who, "place")
    impact = find_impact(subject, solution.account.exposure, network, {"lot"}, 1.0)
    assert dict(impact.offers).get("lot", 0.0) == 1 - left
    mix = dict(find_impact(subject, solution.account.exposure, network, {"mix"}, 1.0).offers).get("mix", 0.0)
    assert mix == pytest.approx({"CD": 0.4, "PE": 0.4}.get(who, 0.0))
