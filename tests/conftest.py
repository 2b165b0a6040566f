"""What all tests share: stored answers written anew, and an instance to read, spoil and write again."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from optimizer.report.layout import set_width
from tests.cli.command import WIDE
from tests.examples import SOME
from tests.measured import go_on, rest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


settings.load_profile(SOME)

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites stored answers; look at the difference before committing it."""
    parser.addoption("--update", action="store_true", help="write golden LP files and expected.json anew")


def pytest_configure() -> None:
    """Hear Ctrl-C as in a terminal; a shell lets those whom it starts in the background ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow tests first, so that no process is left with one at the end, and refuse one without a reason."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if any(not mark.kwargs.get("reason") for mark in item.iter_markers("slow")):
            message = f"{item.nodeid}: @pytest.mark.slow needs reason=..."
            raise pytest.UsageError(message)


@pytest.fixture(autouse=True)
def _measured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let coverage rest during a slow test that is more of what another measures, and go on after any test."""
    if any(mark.kwargs.get("measured") is False for mark in request.node.iter_markers("slow")):
        rest()
    yield
    go_on()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Return whether stored answers are to be written anew."""
    return bool(request.config.getoption("--update"))


SMALL = {
    "instance.toml": """\
name = "small"
title = "A small market"
currency = "USD"
mass_unit = "t"
as_of = 2026-01-15
attributes = ["co2"]
note = "made for tests"

[[periods]]
name = "2027"
years = 1
[[periods]]
name = "2028"
years = 2

[blocs]
covered = ["China", "RU"]

[limits.china]
kind = "share_cap"
country = "China"
basis = "place"
max_share = "60%"
hard = true

[solve]
gap = 0.001
""",
    "materials.csv": """\
material,stages,basis,shortage_cost
lithium,mined; refined,t Li content,90000
graphite,mined; refined,t,
""",
    "conversions.csv": """\
material,basis,factor,source
lithium,t LCE,0.18785,molar mass
""",
    "sites.csv": """\
site,country
Gigafactory,Germany
""",
    "demand.csv": """\
site,material,period,quantity
Gigafactory,lithium,2027,1000
Gigafactory,lithium,2028,2500
Gigafactory,graphite,2027,500
""",
    "products.csv": """\
product,site,period,quantity,unit
cell,Gigafactory,2027,0,GWh
""",
    "bill_of_materials.csv": """\
product,material,quantity,basis,scrap
cell,graphite,900,,5%
""",
    "offers.csv": """\
offer,company,material,stage,country,capacity,price,yield,fixed_cost,co2,note
Pilbara,Northern,lithium,mined,Australia,2000,9000,,,1.5,
Atacama,Sal,lithium,mined,Chile,1500,8500,,,0.9,"brine, dried"
Ganfeng,Ganfeng,lithium,refined,CN,2500,4000,0.9,100000,5,
Bitterfeld,Nordmetall,lithium,refined,DE,800,6000,0.88,,3,
Syrah,Syrah,graphite,refined,US,600,7000,,,,
""",
    "terms.csv": """\
offer,period,price,capacity,minimum_take
Atacama,2027,,1400,
""",
    "tiers.csv": """\
offer,from_quantity,price,kind
Syrah,300,6500,incremental
""",
    "commitments.csv": """\
offer,period,quantity,basis
Bitterfeld,2027,100,
""",
    "owners.csv": """\
company,offer,country,share
Ganfeng,,China,100%
,Pilbara,Australia,0.7
,Pilbara,Japan,0.3
""",
    "origins.csv": """\
offer,stage,country,owner,share
Syrah,mined,Mozambique,Australia,0.8
""",
    "corridors.csv": """\
corridor,capacity
cape,3000
""",
    "lanes.csv": """\
origin,destination,freight,capacity,corridor
Pilbara,Ganfeng,40,,
Pilbara,Bitterfeld,90,,cape
Atacama,Bitterfeld,80,,
Ganfeng,Gigafactory,120,,
Bitterfeld,Gigafactory,10,,
Syrah,Gigafactory,70,500,cape
""",
    "lane_terms.csv": """\
origin,destination,corridor,period,freight,capacity
Atacama,Bitterfeld,,2027,85,
,,cape,2027,,2900
""",
    "rates.csv": """\
currency,rate,from_date
EUR,1.1,
EUR,1.05,2027-07-01
""",
    "duties.csv": """\
duty,material,stage,from_country,to_country,rate,valid_from,valid_to
Anti-dumping,graphite,refined,China,Germany,0.25,2025-01-01,2029-12-31
""",
    "countries.csv": """\
country,risk
China,5.5
Germany,1.5
""",
    "controls.csv": """\
control,material,stage,from_country,to_country,effect,valid_from,valid_to,suspended_from,suspended_to
No. 39,graphite,refined,China,,licence,2023-12-01,,,
""",
    "stock.csv": """\
site,material,opening,capacity,holding_cost
Gigafactory,lithium,50,400,200
""",
    "stock_terms.csv": """\
site,material,period,holding_cost
Gigafactory,lithium,2027,250
""",
    "under_way.csv": """\
destination,material,period,quantity
Gigafactory,lithium,2027,0
""",
    "earlier.csv": """\
offer,period,quantity
Bitterfeld,2027,120.5
Ganfeng,2027,900
""",
    "scenarios.csv": """\
scenario,probability,begins
drought,0,2028
""",
    "shocks.csv": """\
scenario,what,value,lasts,of
drought,capacity *,x0.5,1,
drought,demand *,+10%,,
""",
    "hazards.csv": """\
hazard,chance,what,value,lasts
strike,0,capacity *,0,1
""",
}
"""Two materials, two stages, two periods, and a row or more of every table."""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the folder of a small good instance; a test may spoil it."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a browser, one for all tests; without one a test is skipped, but never in continuous integration."""
    from playwright.sync_api import sync_playwright

    if not os.access(CHROMIUM, os.X_OK) and not os.environ.get("CI"):
        pytest.skip(f"there is no chromium at {CHROMIUM}; name one by CHROMIUM")
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _wide() -> None:
    """Let sentences and headings stand on one line, whatever an earlier test asked for."""
    set_width(WIDE)
