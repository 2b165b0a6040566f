"""Every kind of limit: its rows as an LP, an optimum by hand, no plan when it asks too much, and its recount.

`pytest tests/limits --update` writes the files of `tests/limits/lp` anew; look at the difference before committing it.

Every kind has a case in `tests/limits/cases`.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyomo.repn import generate_standard_repn

from models.algebra.expressions import Sum
from models.formulation.build import build, families, written_out
from models.limits import KINDS
from models.market import Demand, Lane, Origin, Owner, Site
from optimizer.errors import AuditFailure, NoPlan
from optimizer.folders.plans import write_plan
from optimizer.folders.read_plan import read_plan
from optimizer.folders.read_side import read_side
from optimizer.report.difference import compare_sides
from optimizer.tables.limits import list_uses
from optimizer.tables.table import Units
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.limits.cases import awards, basic, figures, hhi, losing
from tests.limits.cases.market import GOODS, OWNERS, ROOMS, cost_of, goods, limit
from tests.limits.reading import one_by_one
from tests.mutation.further import FURTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.limits import Limit, Row, RowBatch

GOLDEN = Path(__file__).resolve().parent / "lp"

CASES = basic.CASES | figures.CASES | awards.CASES | hhi.CASES | losing.CASES
"""One case a kind."""


def test_every_kind_of_limit_has_a_case() -> None:
    assert set(KINDS) == set(CASES)


@pytest.mark.parametrize("kind", CASES)
def test_a_limit_has_the_optimum_worked_out_by_hand(kind: str) -> None:
    case = CASES[kind]
    solution = solved(case.instance())
    assert solution.cost == pytest.approx(case.optimum, rel=1e-9)
    assert max(reading.excess for _, reading in solution.account.readings) == pytest.approx(0, abs=1e-7)
    free = solved(case.instance().without_limits())
    assert free.cost < case.optimum - 1, "the limit binds"
    assert case.solve(**case.loose) == pytest.approx(free.cost, rel=1e-9), "at a loose level it says nothing"


@pytest.mark.parametrize("strict", [{}, {"hard": None, "watch": True}], ids=["hard", "watched"])
@pytest.mark.parametrize("kind", CASES)
def test_a_plan_with_a_limit_is_written_and_compared_with_itself(
    kind: str, strict: dict[str, Any], tmp_path: Path
) -> None:
    asked = CASES[kind].instance(**strict)
    write_plan(solved(asked), tmp_path / "plan")
    side = read_side(tmp_path / "plan")
    assert set(side.tables["limits"]["kind"]) == {kind}
    same = compare_sides(side, side)
    assert (same.change, *map(len, same.tables.values())) == (0, 0, 0, 0, 0, 0)
    assert read_plan(tmp_path / "plan", asked).same_instance


@pytest.mark.parametrize("kind", CASES)
def test_a_limit_that_asks_too_much_leaves_no_plan(kind: str) -> None:
    case = CASES[kind]
    with pytest.raises(NoPlan):
        case.solve(**case.impossible)


@pytest.mark.parametrize(
    ("kind", "defining"),
    [(kind, False) for kind in CASES] + [(kind, True) for kind, case in CASES.items() if case.defines],
)
def test_the_recount_catches_a_wrong_coefficient_in_the_rows(
    kind: str, *, defining: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = CASES[kind].instance()
    sort: Any = type(asked.limits[0])
    right = sort.rows

    def wrong(self: Limit, m: Any, here: Any) -> Iterator[Row | RowBatch]:
        for row in right(self, m, here):
            factor = 0.0 if defining else 0.5
            more = 10.0 if row.more.__class__ is float and row.more == 0 else row.more  # half of nothing is nothing
            yield row._replace(less=row.less * factor, more=more) if row.defining == defining else row

    monkeypatch.setattr(sort, "rows", wrong)
    with pytest.raises(AuditFailure, match="limit asked"):
        solved(asked)


# Golden rows --------------------------------------------------------------------------------------


def rows_of_limits(asked: EnforcedInstance, path: Path) -> str:
    """Return the rows, bounds and binaries of the limits alone, in the order of their names."""
    written_out(build(asked)).write(str(path), io_options={"symbolic_solver_labels": True})
    text = path.read_text(encoding="utf-8")
    rows = sorted(re.findall(r"^c_\w_limit\(.*?\n(?=\n)", text, re.MULTILINE | re.DOTALL))
    bounds = sorted(line for line in text.splitlines() if "<= limit(" in line)
    binaries = sorted(re.findall(r"^  limit\(.*$", text, re.MULTILINE))
    parts = ["s.t.", "", "\n".join(rows), "bounds", *bounds, *(["binary", *binaries] if binaries else []), "end", ""]
    return "\n".join(parts)


@pytest.mark.parametrize("kind", CASES)
def test_a_limit_writes_the_rows_of_its_golden_file(kind: str, tmp_path: Path, update: bool) -> None:  # noqa: FBT001 (a fixture)
    text = rows_of_limits(CASES[kind].instance(), tmp_path / "model.lp")
    golden = GOLDEN / f"{kind}.lp"
    if update:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CASES)


def in_pyomo(part: Any) -> Any:
    """Return what a row says as an expression of Pyomo alone."""
    if isinstance(part, Sum):
        return sum(factor * in_pyomo(one) for factor, one in part.parts)
    return sum(coefficient * variable for coefficient, variable in part) if isinstance(part, list) else part


@pytest.mark.parametrize("kind", CASES)
def test_rows_are_read_as_pyomo_reads_them(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = CASES[kind].instance()
    sort: Any = type(asked.limits[0])
    right, said = sort.rows, []

    def heard(self: Limit, m: Any, here: Any) -> Iterator[Row | RowBatch]:
        for row in right(self, m, here):
            said.extend(one_by_one(row))
            yield row

    monkeypatch.setattr(sort, "rows", heard)
    m = build(asked, elastic=True)
    here = m.limit["asked"]
    assert said
    for row in said:
        family = here.rows["defines" if row.defining else "holds"]
        place = family.keys.index(row.key)
        inside = slice(family.ends[place - 1] if place else 0, family.ends[place])
        read = dict(zip(map(id, family.variables[inside]), family.coefficients[inside], strict=True))
        given = 0 if row.defining else m.excess["asked", *row.key]
        theirs = generate_standard_repn(in_pyomo(row.less) - in_pyomo(row.more) - given)
        assert read == pytest.approx(dict(zip(map(id, theirs.linear_vars), theirs.linear_coefs, strict=True)))
        assert (family.lower[place], family.upper[place]) == pytest.approx((-math.inf, -theirs.constant))


# Whom a limit counts ------------------------------------------------------------------------------


def test_control_counts_the_equity_wherever_the_site_stands() -> None:
    place, control = {"basis": "place"}, {"basis": "control", "undisclosed": "apart"}
    assert cost_of("share_cap", country="CN", max_share=0.4, **place) == pytest.approx(40 * 10 + 60 * 12)
    # at most 40 t of north + 3/4 island: north saves 6 a tonne of it against far, island 4 / 0.75
    assert cost_of("share_cap", country="CN", max_share=0.4, **control) == pytest.approx(40 * 10 + 60 * 16)


def test_the_owners_of_an_offer_come_before_those_of_its_company() -> None:
    offers = [offer("here", 10, company="both"), offer("there", 12, company="both"), offer("far", 16)]
    owners = [Owner(company="both", country="CN", share=1), Owner(offer="there", country="ID", share=1)]
    capped = limit("share_cap", country="CN", basis="control", max_share=0.4, undisclosed="apart")
    assert solved(instance(offers, {"1": 100}, capped, owners=owners)).cost == pytest.approx(40 * 10 + 60 * 12)


def test_an_offer_may_be_called_as_its_company_and_have_owners_of_its_own() -> None:
    owners = [*OWNERS, Owner(offer="island", country="ID", share=1)]
    capped = limit("share_cap", country="CN", basis="control", max_share=0.4, undisclosed="apart")
    assert solved(goods(capped, owners=owners)).cost == pytest.approx(40 * 10 + 60 * 12)


def test_what_is_undisclosed_counts_against_a_cap_and_is_left_apart_when_asked() -> None:
    # far counts too: at most 40 t of north + 3/4 island + far; island saves 8 / 0.75 a tonne of it, north 10
    counted = 160 / 3 * 12 + 140 / 3 * 20
    assert cost_of("share_cap", country="CN", basis="control", max_share=0.4) == pytest.approx(counted)
    assert cost_of("quantity_cap", country="CN", basis="control", max_quantity=40) == pytest.approx(counted)
    apart = {"country": "CN", "basis": "control", "undisclosed": "apart"}
    assert cost_of("quantity_cap", max_quantity=40, **apart) == pytest.approx(40 * 10 + 60 * 16)
    assert cost_of("ban", **apart) == pytest.approx(100 * 16)
    assert cost_of("ban", country="CN", basis="control") == pytest.approx(100 * 20)


def test_what_is_undisclosed_never_counts_towards_a_floor() -> None:
    for kind, level in (("share_floor", {"min_share": 0.1}), ("quantity_floor", {"min_quantity": 10})):
        with pytest.raises(NoPlan):
            cost_of(kind, country="CA", basis="control", **level)
        assert cost_of(kind, country="CA", basis="place", **level) == pytest.approx(90 * 10 + 10 * 16)


def test_what_is_undisclosed_is_no_source_of_the_least_and_one_of_the_most() -> None:
    with pytest.raises(NoPlan):
        cost_of("least_sources", count="country", basis="control", min_sources=4, counts_from=0.1)
    three = cost_of("least_sources", count="country", basis="control", min_sources=3, counts_from=0.1)
    # 10 t of ID by 40 t of island, 10 t of AU, the rest north
    assert three == pytest.approx(40 * 12 + 10 * 20 + 50 * 10)
    assert cost_of("most_sources", count="country", basis="control", max_sources=1) == pytest.approx(1000)


def test_a_cap_on_each_country_counts_the_undisclosed_even_when_nobody_is_declared() -> None:
    capped = limit("share_cap", each="country", basis="control", max_share=0.4)
    with pytest.raises(NoPlan):
        solved(goods(capped, owners=[]))


def test_a_cap_on_each_country_counts_the_undisclosed_even_when_all_declared_are_exempt() -> None:
    capped = limit("share_cap", each="country", basis="control", max_share=0.4, exempt=["AU"])
    owners = [Owner(company="south", country="AU", share=1)]
    # 40 undisclosed from north, 60 from the exempt
    assert solved(goods(capped, owners=owners)).cost == pytest.approx(40 * 10 + 60 * 20)


@pytest.mark.parametrize("who", [{"company": "ace"}, {"offer": "pit"}, {"each": "company"}, {"each": "offer"}])
@pytest.mark.parametrize(
    "kind", [("share_cap", {"max_share": 0.3}), ("quantity_cap", {"max_quantity": 0}), ("ban", {})]
)
def test_who_sells_at_a_stage_answers_for_the_undisclosed_there_in_every_period(kind: Any, who: Any) -> None:
    name, level = kind
    offers = [mined("pit", 1, company="ace", from_period="2028"), offer("lot", 10)]
    capped = limit(name, stages=["mined"], **who, **level)
    # nobody says where the ore of lot was mined, so it may all be of ace, also before ace sells any here
    asked = instance(offers, {"2027": 50, "2028": 50}, capped, shortage_cost=60)
    assert solved(asked).cost == pytest.approx(100 * 60)
    assert solved(asked.without_limits()).cost == pytest.approx(100 * 10)


def test_companies_and_offers_are_capped_each_or_by_name() -> None:
    each = 40 * 10 + 40 * 12 + 20 * 16
    assert cost_of("share_cap", each="company", max_share=0.4) == pytest.approx(each)
    assert cost_of("share_cap", each="offer", max_share=0.4) == pytest.approx(each)
    assert cost_of("quantity_cap", each="company", max_quantity=40) == pytest.approx(each)
    assert cost_of("share_cap", offer="north", max_share=0.4) == pytest.approx(40 * 10 + 60 * 12)
    assert cost_of("ban", company="north") == pytest.approx(100 * 12)


def test_offers_of_one_company_are_capped_together() -> None:
    offers = [*GOODS[:1], offer("island", 12, company="north"), *GOODS[2:]]
    capped = limit("share_cap", each="company", max_share=0.4)
    assert solved(instance(offers, {"2027": 100}, capped)).cost == pytest.approx(40 * 10 + 40 * 16 + 20 * 20)


def test_an_exempt_country_is_not_capped() -> None:
    capped = {"each": "country", "basis": "place", "max_share": 0.4}
    assert cost_of("share_cap", **capped) == pytest.approx(40 * 10 + 40 * 12 + 20 * 16)
    assert cost_of("share_cap", **capped, exempt=["CN"]) == pytest.approx(1000)
    assert cost_of("share_cap", **capped, exempt=["ID"]) == pytest.approx(40 * 10 + 60 * 12)


def test_a_bloc_is_capped_each_or_in_total() -> None:
    blocs = {"asia": ["CN", "ID", "JP"]}
    bloc = {"bloc": "asia", "basis": "place", "max_share": 0.4}
    each, total = (goods(limit("share_cap", group=group, **bloc), blocs=blocs) for group in ("each", "total"))
    assert solved(each).cost == pytest.approx(40 * 10 + 40 * 12 + 20 * 16)
    assert solved(total).cost == pytest.approx(40 * 10 + 60 * 16)


def test_a_bloc_counts_what_is_undisclosed_once() -> None:
    blocs = {"asia": ["CN", "ID"]}
    capped = limit("quantity_cap", bloc="asia", group="total", basis="control", max_quantity=40)
    assert solved(goods(capped, blocs=blocs)).cost == pytest.approx(40 * 10 + 60 * 20)


# Stages -------------------------------------------------------------------------------------------


def test_an_earlier_stage_counts_the_feed_of_refiners_and_the_declared_origin_of_what_is_bought() -> None:
    offers = [
        mined("pit", 4, country="CN"),
        mined("hill", 9, country="AU"),
        offer("works", 2, country="AU", yield_=0.5),
        offer("bought", 16, country="AU"),
    ]
    origins = [
        Origin(offer="bought", stage="mined", country="CN", owner="CN", share=0.25),
        Origin(offer="bought", stage="mined", country="AU", share=0.5),
    ]

    def cost(**fields: Any) -> float:
        capped = limit("quantity_cap", country="CN", stages=["mined"], **fields)
        return solved(instance(offers, {"1": 100}, capped, origins=origins)).cost

    # a tonne through the works: 10 with two tonnes of the pit, 20 with two of the hill; bought 16, of which
    # a quarter is Chinese and a quarter undisclosed: against the hill it saves 4 for half a tonne (8 a tonne of
    # the cap), the pit saves 10 for two (5 a tonne)
    assert cost(basis="place", max_quantity=50) == pytest.approx(100 * 16)
    assert cost(basis="place", max_quantity=40) == pytest.approx(80 * 16 + 20 * 20)
    # apart, bought takes a quarter; 100 of it would take 25, and 15 more allow 15 / 1.75 t through the pit instead
    through = (40 - 25) / (2 - 0.25)
    assert cost(basis="place", max_quantity=40, undisclosed="apart") == pytest.approx(1600 - 6 * through)
    # by control the half that is mined in AU is undisclosed as well, and so are pit and hill: all of it counts
    assert cost(basis="control", max_quantity=100) == pytest.approx(100 * 16)
    with pytest.raises(NoPlan):
        cost(basis="control", max_quantity=99)


def test_a_limit_without_stages_holds_at_each() -> None:
    offers = [mined("pit", 4), mined("hill", 5, country="CL"), offer("works", 2, yield_=0.5)]
    capped = limit("share_cap", country="AU", basis="place", max_share=0.75, stages=None)
    with pytest.raises(NoPlan):
        solved(instance(offers, {"1": 100}, capped))
    lifted = capped.model_copy(update={"stages": ("mined",)})
    assert solved(instance(offers, {"1": 100}, lifted)).cost == pytest.approx(150 * 4 + 50 * 5 + 200)


# Periods, sites, wholes ---------------------------------------------------------------------------


def test_over_the_horizon_one_period_may_make_up_for_another() -> None:
    offers = [offer("north", 10, country="CN", to_period="1"), offer("island", 12, country="ID")]
    capped = {"country": "CN", "basis": "place", "max_share": 0.4}

    def cost(**fields: Any) -> float:
        return solved(instance(offers, {"1": 100, "2": 100}, limit("share_cap", **capped, **fields))).cost

    assert cost() == pytest.approx(40 * 10 + 160 * 12)
    assert cost(per="horizon") == pytest.approx(80 * 10 + 120 * 12)
    assert cost(periods=["2"]) == pytest.approx(100 * 10 + 100 * 12)
    assert cost(per="horizon", periods=["1"]) == pytest.approx(40 * 10 + 160 * 12)


def two_sites(*limits: Limit) -> EnforcedInstance:
    sites = [Site(site=site, country="US") for site in ("plant", "works")]
    demand = [Demand(site=site, material=ORE, period="2027", quantity=50) for site in ("plant", "works")]
    lanes = [
        Lane(origin=o.offer, destination=s.site, freight=1 if s.site == "works" else 0) for o in GOODS for s in sites
    ]
    return goods(*limits, sites=sites, demand=demand, lanes=lanes)


@pytest.mark.parametrize("of", ["supply", "demand"])
def test_a_share_of_some_sites_counts_what_goes_there(of: str) -> None:
    capped = limit("share_cap", country="CN", basis="place", max_share=0.4, sites=["works"], of=of)
    solution = solved(two_sites(capped))
    # north: all 50 of the plant and 20 of the works
    assert solution.cost == pytest.approx(70 * 10 + 30 * 12 + 50)
    assert solution.account.plan.flow["north", "works", "2027"] == pytest.approx(20)


def test_a_quantity_or_a_number_of_sources_of_some_sites_counts_what_goes_there() -> None:
    quantity = limit("quantity_cap", country="CN", basis="place", max_quantity=20, sites=["works"])
    assert solved(two_sites(quantity)).cost == pytest.approx(70 * 10 + 30 * 12 + 50)
    sources = limit("least_sources", count="company", min_sources=2, counts_from=0.2, sites=["works"])
    assert solved(two_sites(sources)).cost == pytest.approx(90 * 10 + 10 * 12 + 50)


def test_a_share_of_demand_does_not_shrink_with_what_is_unmet() -> None:
    offers = [offer("north", 10, country="CN"), offer("south", 20, 30, country="AU")]

    def solve(of: str) -> Any:
        capped = limit("share_cap", country="CN", basis="place", max_share=0.5, of=of)
        return solved(instance(offers, {"1": 100}, capped, shortage_cost=90))

    # of demand: 50 from north; of supply: no more than the 30 from south
    assert solve("demand").cost == pytest.approx(50 * 10 + 30 * 20 + 20 * 90)
    assert solve("supply").cost == pytest.approx(30 * 10 + 30 * 20 + 40 * 90)


def test_a_number_of_sources_counts_by_the_share_of_demand() -> None:
    for share, fourth in ((0.05, 5), (0.25, 25)):
        cost = cost_of("least_sources", count="offer", min_sources=4, counts_from=share)
        assert cost == pytest.approx((100 - 3 * fourth) * 10 + fourth * (12 + 16 + 20))
    with pytest.raises(NoPlan):
        cost_of("least_sources", count="offer", min_sources=4, counts_from=0.26)


@pytest.mark.parametrize("unit", [1e-3, 1, 1e3, 1e6, 1e9])
@pytest.mark.parametrize("kind", ["least_sources", "most_sources"])
def test_a_number_of_sources_holds_in_any_unit_of_mass(kind: str, unit: float) -> None:
    case = CASES[kind]
    scaled = [
        o.model_copy(update={"capacity": o.capacity * unit, "price": o.price / unit})
        for o in case.market.get("offers", GOODS)
    ]
    solution = solved(instance(scaled, {"2027": 100 * unit}, limit(**case.fields)))
    assert solution.cost == pytest.approx(case.optimum)
    with pytest.raises(NoPlan):
        solved(instance(scaled, {"2027": 100 * unit}, limit(**(case.fields | case.impossible))))


def test_where_nothing_is_needed_a_floor_on_a_share_is_met() -> None:
    floor = limit("share_floor", country="AU", basis="place", min_share=0.3)
    solution = solved(instance(GOODS, {"1": 100, "2": 0}, floor))
    assert [reading.used for _, reading in solution.account.readings] == pytest.approx([0.3, 0.3])


# Soft limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "plain", "excess"),
    [
        # 2 a tonne is what island costs more
        ({"kind": "share_cap", "country": "CN", "basis": "place", "max_share": 0.4, "penalty": 1.5}, 1000, 60),
        ({"kind": "share_cap", "country": "CN", "basis": "place", "max_share": 0.4, "penalty": 2.5}, 1120, 0),
        ({"kind": "share_floor", "country": "AU", "basis": "place", "min_share": 0.3, "penalty": 9}, 1000, 30),
        ({"kind": "quantity_cap", "company": "north", "max_quantity": 25, "penalty": 1}, 1000, 75),
        ({"kind": "quantity_floor", "offer": "far", "min_quantity": 30, "penalty": 5}, 1000, 30),
        ({"kind": "ban", "company": "north", "penalty": 1}, 1000, 100),
        # a source of 20 t costs 40, the next 120
        (
            {"kind": "least_sources", "count": "offer", "min_sources": 3, "counts_from": 0.2, "penalty": 100},
            1040,
            1,
        ),
        ({"kind": "budget_cap", "max_cost": 900, "penalty": 2}, 1000, 100),
    ],
)
def test_a_soft_limit_costs_its_penalty_for_each_unit_of_excess(
    fields: dict[str, Any], plain: float, excess: float
) -> None:
    solution = solved(goods(limit(**fields)))
    assert solution.account.penalty == pytest.approx(fields["penalty"] * excess)
    assert sum(solution.account.costs.values()) == pytest.approx(plain)
    assert solution.cost == pytest.approx(plain + fields["penalty"] * excess)


def test_a_soft_number_of_sources_may_be_exceeded() -> None:
    most = limit("most_sources", count="company", max_sources=2, penalty=100)
    solution = solved(instance(ROOMS, {"2027": 100}, most))
    # three sources and one excess, against 1500 with two
    assert solution.cost == pytest.approx(50 * 10 + 30 * 12 + 20 * 16 + 100)


def test_the_penalty_of_one_limit_is_no_spending_of_another() -> None:
    soft = limit("share_cap", name="soft", country="CN", basis="place", max_share=0.4, penalty=1.5)
    budget = limit("budget_cap", max_cost=1000)
    assert solved(goods(soft, budget)).cost == pytest.approx(1000 + 90)


# Watched limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CASES)
def test_a_limit_that_is_watched_costs_nothing_and_is_measured(kind: str) -> None:
    case = CASES[kind]
    watched = solved(case.instance(hard=None, watch=True))
    assert watched.cost == pytest.approx(solved(case.instance().without_limits()).cost, rel=1e-9)
    assert max(reading.excess for _, reading in watched.account.readings) > 0


def test_a_cap_on_each_country_outside_a_bloc_leaves_the_countries_of_the_bloc_alone() -> None:
    capped = limit("share_cap", each="country", outside="home", basis="place", max_share=0.4)
    assert solved(goods(capped, blocs={"home": ["CN", "AU"]})).cost == pytest.approx(1000)
    assert solved(goods(capped, blocs={"home": ["AU", "CA"]})).cost == pytest.approx(40 * 10 + 40 * 12 + 20 * 16)


# Rows that are said at once -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", FURTHER)
def test_no_variable_stands_twice_in_a_row(kind: str) -> None:
    for asked in FURTHER[kind]:
        for name, rows in families(build(asked, elastic=True)).items():
            for start, end in pairwise([0, *rows.ends]):
                assert len(set(map(id, rows.variables[start:end]))) == end - start, name


def test_rows_of_groups_stand_in_the_order_of_their_readings() -> None:
    late = offer("pit", 4, stage="mined", from_period="2", attributes={"co2": 9.0})
    goods = [late, offer("north", 10, attributes={"co2": 9.0}), offer("south", 20, attributes={"co2": 1.0})]
    fields: dict[str, Any] = {"attribute": "co2", "group": "total", "stages": None, "max_average": 5}
    asked = instance(goods, {"1": 100, "2": 100}, limit("average_cap", **fields), attributes=["co2"])
    keys = build(asked).limit["asked"].rows["holds"].keys
    assert keys == [reading.key for _, reading in solved(asked).account.readings]


def test_a_floor_on_nothing_is_met_and_does_not_bind() -> None:
    offers = [offer("north", 10, attributes={"co2": 9.0}), offer("south", 20, attributes={"co2": 9.0})]
    floors = [
        limit("share_floor", name="share", offer="south", min_share=0.5, of="demand"),
        limit("average_floor", name="average", attribute="co2", group="each", min_average=5),
    ]
    account = solved(instance(offers, {"1": 100, "2": 0}, *floors, attributes=["co2"])).account
    rows = {(row.limit, row.period): row for row in list_uses(account, Units("t", "USD"))}
    assert {key: row.binding for key, row in rows.items()} == {
        ("share", "1"): True, ("share", "2"): False, ("average", "1"): False, ("average", "2"): False,
    }  # fmt: skip
    assert rows["share", "2"].used == rows["average", "2"].used == 0


@pytest.mark.parametrize("kind", ["share_cap", "quantity_cap"])
def test_what_is_undisclosed_of_a_level_is_what_nobody_declared_however_little_is_bought(kind: str) -> None:
    """Of half a tonne a quarter is nobody's: with a known owner of the rest, that much counts against China."""
    level, undisclosed = {"share_cap": ("max_share", 0.25), "quantity_cap": ("max_quantity", 0.125)}[kind]
    cap = limit(kind, name="cap", country="CN", basis="control", stages=["refined"], hard=True, **{level: 0.5})
    owners = [Owner(company="half", country="AU", share=0.75)]
    account = solved(instance([offer("half", 10)], {"1": 0.5}, cap, owners=owners)).account
    ((_, reading),) = account.readings
    assert reading.used == pytest.approx(undisclosed)
    assert reading.undisclosed == pytest.approx(undisclosed)
