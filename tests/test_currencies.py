"""Currencies: what is stated in others costs the same as in that of the instance, period by period."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import pytest

from models.changes import ChangeError, apply_changes, parse
from models.enforcement import enforce
from models.formulation.components import parts
from models.market import Rate
from models.market.exchange import Exchange
from models.records.bases import units_held
from models.records.validity import Span
from optimizer.audit import audit
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.notes import list_notes
from optimizer.solve import solve
from tests.test_bases import restate

if TYPE_CHECKING:
    from pathlib import Path

YEARS = {"2027": Span(date(2027, 1, 1), date(2027, 12, 31)), "2028": Span(date(2028, 1, 1), date(2028, 12, 31))}


def rates(*rows: tuple[str, float, str | None]) -> list[Rate]:
    return [Rate(currency=name, rate=rate, from_date=day) for name, rate, day in rows]


def test_a_rate_counts_for_its_days() -> None:
    known = Exchange(rates(("EUR", 1.2, "2027-07-01"), ("EUR", 1.0, None), ("CNY", 0.14, None)), YEARS)
    assert known.rate("EUR", "2027") == pytest.approx((181 * 1.0 + 184 * 1.2) / 365)
    assert (known.rate("EUR", "2028"), known.rate("CNY", "2027"), known.rate(None, "2027")) == (1.2, 0.14, 1.0)
    assert known.moving == {"EUR"}


def test_a_day_without_a_rate_leaves_its_period_without_one() -> None:
    assert list(Exchange(rates(("EUR", 1.2, "2027-01-02")), YEARS).lacking()) == [("EUR", ["2027"])]
    assert not list(Exchange(rates(("EUR", 1.2, "2027-01-01")), YEARS).lacking())


def write_rates(folder: Path, *rows: str) -> None:
    (folder / "rates.csv").write_text("\n".join(["currency,rate,from_date", *rows, ""]), encoding="utf-8")


def start(folder: Path) -> None:
    header = folder / "instance.toml"
    header.write_text(f"start = 2027-01-01\n{header.read_text(encoding='utf-8')}", encoding="utf-8")


def give_terms(folder: Path) -> None:
    """Give the small instance every kind of money that offers and lanes have."""
    once = {"fixed_cost": "100000", "opening_cost": "30000", "fixed_cost_per_period": "5000"}
    restate(folder, "offers", "Ganfeng", **once, switching_cost="700", customs_value="4500")
    restate(folder, "offers", "Syrah", switching_cost="900")
    restate(folder, "lanes", "Ganfeng,Gigafactory", fixed_cost="2500")
    restate(folder, "corridors", "cape", fixed_cost="4000")


ALL: dict[str, dict[str, tuple[str, ...]]] = {
    "offers": {
        "Atacama": ("price",),
        "Ganfeng": ("price", "customs_value", "fixed_cost", "fixed_cost_per_period", "opening_cost", "switching_cost"),
        "Syrah": ("price", "switching_cost"),
    },
    "lanes": {"Atacama,Bitterfeld": ("freight",), "Ganfeng,Gigafactory": ("freight", "fixed_cost")},
    "corridors": {"cape": ("fixed_cost",)},
}
"""Rows and columns of money."""
NAMED = {"Atacama": "CLP", "Syrah": "AUD"}


def state_abroad(folder: Path, worth: dict[str, float]) -> None:
    """State money in other currencies, of which one is worth so much."""
    for table, rows in ALL.items():
        for key, columns in rows.items():
            currency = NAMED.get(key, "EUR")
            cells = read(folder, table, key)
            money = {column: repr(float(cells[column]) / worth[currency]) for column in columns}
            restate(folder, table, key, **money, currency=currency)
    restate(folder, "tiers", "Syrah", price=repr(6500 / worth["AUD"]), currency="AUD")
    restate(folder, "lane_terms", "Atacama,Bitterfeld", freight=repr(85 / worth["EUR"]))


def read(folder: Path, table: str, key: str) -> dict[str, str]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if ",".join(row.values()).startswith(key))


WORTH = {"EUR": 1.08, "CLP": 0.00105, "AUD": 0.66}


def test_an_instance_in_other_currencies_costs_the_same(small: Path) -> None:
    give_terms(small)
    before = solve(load(small))
    state_abroad(small, WORTH)
    write_rates(small, *(f"{name},{rate}," for name, rate in WORTH.items()))
    after = solve(load(small))
    assert after.cost == pytest.approx(before.cost, rel=1e-9)
    for offer, basis in (("Atacama", "kg LCE"), ("Ganfeng", "lb Li2CO3"), ("Syrah", "kg")):
        held = units_held(basis, of="t" if offer == "Syrah" else "t Li content")
        cells = read(small, "offers", offer)
        stated = {column: float(cells[column]) for column in ("capacity", "price", "customs_value") if cells[column]}
        inside = {column: repr(x / held if column == "capacity" else x * held) for column, x in stated.items()}
        restate(small, "offers", offer, **inside, basis=basis)
    restate(small, "terms", "Atacama", capacity=repr(1400 / units_held("kg LCE", of="t Li content")))
    restate(small, "tiers", "Syrah", from_quantity="300000", price=repr(6.5 / WORTH["AUD"]))
    after = solve(load(small))
    assert after.cost == pytest.approx(before.cost, rel=1e-9)
    assert after.account.costs == pytest.approx(before.account.costs, rel=1e-9)
    assert audit(after.account) == []


def test_a_part_keeps_the_rates_that_it_uses_and_no_days_where_one_rate_holds(small: Path) -> None:
    start(small)
    restate(small, "offers", "Syrah", currency="EUR")
    restate(small, "offers", "Atacama", currency="CNY")
    restate(small, "lanes", "Syrah", corridor="")
    euros = ("EUR,1.1,2026-03-01", "EUR,1.2,2026-12-31", "EUR,2,2031-01-01")
    write_rates(small, *euros, "CNY,0.14,", "CNY,0.2,2028-01-01")
    lithium, graphite = parts(enforce(load(small)))
    told = [[(rate.currency, rate.rate, rate.from_date) for rate in part.market.rates] for part in (graphite, lithium)]
    assert told == [[("EUR", 1.2, None)], [("CNY", 0.14, None), ("CNY", 0.2, date(2028, 1, 1))]]
    assert (graphite.market.start, lithium.market.start) == (None, date(2027, 1, 1))


def test_a_rate_that_moves_makes_everything_that_is_priced_in_it_dearer(small: Path) -> None:
    give_terms(small)
    state_abroad(small, WORTH)
    write_rates(small, *(f"{name},{rate}," for name, rate in WORTH.items()))
    dearer = solve(apply_changes(load(small), [parse("rate EUR=+10%"), parse("rate CLP=0.00105")]))
    write_rates(small, f"EUR,{1.1 * WORTH['EUR']},", *(f"{name},{WORTH[name]}," for name in ("CLP", "AUD")))
    assert dearer.cost == pytest.approx(solve(load(small)).cost, rel=1e-12)
    with pytest.raises(ChangeError, match=r"'GBP' is no currency; there are currencies: EUR, CLP, AUD"):
        apply_changes(load(small), [parse("rate GBP=+10%")])
    with pytest.raises(ChangeError, match=r"USD is the currency of the instance, .*; change others: EUR, CLP, AUD"):
        apply_changes(load(small), [parse("rate USD=+10%")])


@pytest.mark.parametrize(
    ("change", "euros"),
    [
        ("rate EUR@2028=x2", [("2026-12-31", 1.0), ("2027-07-01", 1.5), ("2028-01-01", 3.0)]),
        ("rate EUR@2027=x2", [("2026-12-31", 2.0), ("2027-07-01", 3.0), ("2028-01-01", 1.5)]),
        ("rate EUR@2027..2028=9", [("2026-12-31", 9.0), ("2027-07-01", 9.0)]),
    ],
)
def test_a_rate_may_move_in_some_periods_alone(small: Path, change: str, euros: list[tuple[str, float]]) -> None:
    start(small)
    restate(small, "offers", "Syrah", currency="EUR")
    restate(small, "offers", "Atacama", currency="CNY")
    write_rates(small, "EUR,1,2026-12-31", "CNY,0.14,", "EUR,1.5,2027-07-01")
    changed = apply_changes(load(small), [parse(change)]).market.rates
    told = {(str(row.from_date), row.rate) for row in changed if row.currency == "EUR"}
    assert told == set(euros)
    assert [row.rate for row in changed if row.currency == "CNY"] == [0.14]


def test_a_rate_of_some_periods_asks_for_days(small: Path) -> None:
    restate(small, "offers", "Syrah", currency="EUR")
    write_rates(small, "EUR,1,")
    with pytest.raises(ChangeError, match=r"names periods, and rates change by the day; write start = "):
        apply_changes(load(small), [parse("rate EUR@2028=x2")])


def test_every_wrong_currency_is_told_at_once(small: Path) -> None:
    restate(small, "offers", "Pilbara", currency="CNY")
    restate(small, "offers", "Atacama", currency="EURO")
    restate(small, "lanes", "Syrah", currency="GBP")
    restate(small, "tiers", "Syrah", currency="EUR")
    start(small)
    write_rates(small, "EUR,1.1,2027-01-02", "USD,1,", "JPY,0,")
    with pytest.raises(InputError) as refused:
        load(small)
    unknown = "is not among the currencies; add what one is worth to rates, or use one of them: EUR, JPY, USD"
    assert refused.value.problems == (
        f"offers.csv:2 currency: 'CNY' {unknown}",
        "offers.csv:3 currency: 'EURO' is not among the currencies (did you mean EUR?)",
        (
            "tiers.csv:2 currency: EUR is not the currency of Syrah, which is USD; state prices of one offer in one "
            "currency"
        ),
        f"lanes.csv:7 currency: 'GBP' {unknown}",
        (
            "rates.csv:2 from_date: EUR has no rate before 2027-01-02, and so none for all of 2027; add an earlier "
            "row, or leave from_date empty in the first"
        ),
        "rates.csv:3 currency: USD is the currency of the instance, of which one is worth one; remove the row",
        "rates.csv:4 rate: 0 is not above zero; write more than 0",
    )


LIMITS = """
[limits.spending]
kind = "budget_cap"
costs = ["freight"]
max_cost = 150000
penalty = 2.5
currency = "EUR"
"""


def test_limits_cost_what_they_say_in_their_currency(small: Path) -> None:
    header = small / "instance.toml"
    plain = header.read_text(encoding="utf-8")
    write_rates(small, "EUR,1.2,")
    header.write_text(f"{plain}{LIMITS}", encoding="utf-8")
    (spending,) = [limit for limit in enforce(load(small)).limits if limit.name == "spending"]
    assert (spending.level, spending.penalty, spending.currency) == (180000, 3, None)
    (dearer,) = apply_changes(load(small), [parse("rate EUR=x2"), parse("drop china")]).limits
    assert (dearer.level, dearer.penalty) == (360000, 6)


def test_a_limit_whose_currency_says_nothing_is_refused(small: Path) -> None:
    start(small)
    header = small / "instance.toml"
    text = header.read_text(encoding="utf-8").replace("hard = true", 'hard = true\ncurrency = "EUR"')
    other = LIMITS.replace("spending", "other").replace('"EUR"', '"GBP"')
    header.write_text(f"{text}{LIMITS}{other}", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(small)
    cure = "add what one is worth to rates, or use EUR or USD"
    assert refused.value.problems == (
        "instance.toml: limits.china.currency: nothing of this limit is money; remove it",
        (
            "instance.toml: limits.spending.currency: the rate of EUR moves, and a limit says one thing for all "
            "periods; state it in USD"
        ),
        f"instance.toml: limits.other.currency: 'GBP' is not among the currencies; {cure}",
    )


def test_rates_that_say_nothing_are_noted(small: Path) -> None:
    restate(small, "offers", "Pilbara", currency="EUR")
    write_rates(small, "EUR,1.1,", "EUR,1.2,2027-05-01", "CNY,0.14,")
    told = [note for note in list_notes(enforce(load(small))) if note.startswith("rate")]
    assert told == ["rate of EUR from 2027-05-01 holds on no day of the horizon", "rate of CNY is used by no row"]
