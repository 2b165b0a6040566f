"""No kind of limit is left out of the laws: each is drawn in random markets and asked by an oracle in its own words."""

from __future__ import annotations

from models.limits import KINDS
from tests.laws import markets, test_laws_of_awards, test_laws_of_figures, test_laws_of_floors
from tests.laws.oracle_awards import OracleOfAwards
from tests.laws.oracle_figures import OracleOfFigures
from tests.laws.oracle_floors import OracleOfFloors
from tests.laws.oracle_hhi import OracleOfHhi


def test_every_kind_of_limit_is_drawn_and_tried_by_brute_force() -> None:
    drawn = {
        *markets.KINDS,
        *test_laws_of_awards.KINDS,
        *test_laws_of_figures.KINDS,
        *test_laws_of_floors.FLOORS,
        "hhi_cap",
    }
    oracles = (OracleOfAwards, OracleOfFigures, OracleOfFloors, OracleOfHhi)
    asked = {kind for kind in KINDS if any(hasattr(oracle, f"_{kind}") for oracle in oracles)}
    assert drawn == asked == set(KINDS)
