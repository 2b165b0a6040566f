"""Small markets written down in Python: one mineral, from `stages`, to the sites that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.enforcement import EnforcedInstance, enforce
from models.instance import Instance
from models.market import Demand, Market, Material, Offer, Period, Site
from optimizer.solve import Solution, settings_of, solve

if TYPE_CHECKING:
    from models.limits import Limit

ORE = "ore"


def offer(name: str, price: float, capacity: float | None = 100, country: str = "AU", **more: Any) -> Offer:
    """Return a refined offer of a company of its own, unless `more` says otherwise."""
    terms: dict[str, Any] = {"company": name, "material": ORE, "stage": "refined"} | more
    return Offer(offer=name, price=price, capacity=capacity, country=country, **terms)


def mined(name: str, price: float, capacity: float = 1000, country: str = "AU", **more: Any) -> Offer:
    return offer(name, price, capacity, country, stage="mined", **more)


def instance(offers: list[Offer], need: dict[str, float], *limits: Limit, **more: Any) -> EnforcedInstance:
    """Return an instance with `need` by period at one site in the US; `more` are fields of the market.

    `years` gives the length of each period, `shortage_cost` the price of unmet demand.
    """
    lengths = more.pop("years", {})
    material = Material(material=ORE, stages="mined; refined", basis="t", shortage_cost=more.pop("shortage_cost", None))
    facts: dict[str, Any] = {
        "periods": tuple(Period(name=period, years=lengths.get(period, 1)) for period in need),
        "as_of": "2027-01-01",
        "materials": (material,),
        "sites": (Site(site="plant", country="US"),),
        "demand": tuple(
            Demand(site="plant", material=ORE, period=period, quantity=units) for period, units in need.items()
        ),
        "offers": tuple(offers),
    }
    market = Market(**(facts | {name: tuple(v) if isinstance(v, list) else v for name, v in more.items()}))
    return enforce(
        Instance(name="small", title="A small market", currency="USD", mass_unit="t", market=market, limits=limits)
    )


def solved(asked: Instance) -> Solution:
    """Return the audited plan of an instance at gap 0, which must be proven."""
    solution = solve(asked, settings_of(asked, gap=0.0))
    assert solution.proven
    return solution
