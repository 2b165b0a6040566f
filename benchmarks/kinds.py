"""The materials of made-up instances: what a tonne costs, and where each of their stages happens."""

from __future__ import annotations

import math
from dataclasses import dataclass

Weights = dict[str, float]

_PLACES: dict[str, tuple[float, float]] = {
    "AR": (-24, -66), "AU": (-31, 121), "BO": (-20, -66), "BR": (-19, -44), "CA": (49, -80), "CD": (-11, 26),
    "CH": (47, 8), "CL": (-23, -69), "CN": (30, 112), "CU": (21, -75), "DE": (51, 10), "ES": (40, -4),
    "FI": (63, 26), "FR": (47, 2), "GA": (-1, 13), "GB": (53, -1), "GN": (10, -11), "ID": (-3, 122),
    "IN": (22, 79), "JP": (35, 138), "KR": (36, 128), "KZ": (49, 67), "MA": (32, -7), "MG": (-19, 47),
    "MM": (22, 97), "MX": (24, -103), "MY": (4, 103), "MZ": (-15, 39), "NO": (60, 8), "PE": (-12, -76),
    "PH": (9, 126), "PL": (51, 18), "PT": (40, -8), "RU": (60, 90), "RW": (-2, 30), "SE": (64, 19),
    "TH": (14, 101), "TR": (39, 35), "UA": (49, 32), "US": (38, -95), "VN": (20, 106), "ZA": (-27, 26),
    "ZW": (-19, 30),
}  # fmt: skip
"""Latitude and longitude of where things are in a country, roughly."""

_EARTH = 6371.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A material: its price [USD/t], its stages and where each of them happens."""

    name: str
    price: float
    mined: Weights
    refined: Weights
    middle: str | None = None
    """The name of a stage between mined and refined."""

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages in order."""
        return ("mined", self.middle, "refined") if self.middle else ("mined", "refined")

    def places(self, stage: str) -> Weights:
        """Where a stage happens; a middle stage where both of its neighbours do."""
        if stage == "mined":
            return self.mined
        return self.refined if stage == "refined" else self.refined | self.mined


KINDS = (
    Kind("lithium", 60e3, {"AU": 40, "CL": 20, "CN": 17, "AR": 8, "ZW": 8, "BR": 4, "CA": 3},
         {"CN": 70, "CL": 16, "AR": 6, "AU": 4, "KR": 2, "US": 2}),
    Kind("nickel", 16e3, {"ID": 60, "PH": 9, "RU": 6, "CA": 5, "AU": 4, "BR": 3, "FI": 2},
         {"ID": 42, "CN": 30, "JP": 6, "RU": 6, "CA": 5, "NO": 4, "FI": 4, "AU": 3}, "intermediate"),
    Kind("cobalt", 33e3, {"CD": 74, "ID": 10, "RU": 3, "AU": 3, "PH": 2, "CU": 2, "CA": 2},
         {"CN": 78, "FI": 9, "CA": 4, "JP": 3, "NO": 2, "MG": 2, "MA": 2}, "hydroxide"),
    Kind("graphite", 7e3, {"CN": 78, "MG": 7, "MZ": 6, "BR": 5, "IN": 2, "CA": 2},
         {"CN": 92, "JP": 3, "KR": 3, "US": 2}, "spheronised"),
    Kind("manganese", 2e3, {"ZA": 37, "GA": 23, "AU": 14, "CN": 5, "BR": 5, "IN": 4, "UA": 2},
         {"CN": 92, "ZA": 3, "US": 2, "ID": 3}),
    Kind("copper", 9e3, {"CL": 23, "CD": 14, "PE": 11, "CN": 8, "US": 5, "ID": 5, "AU": 4, "ZW": 3, "KZ": 3},
         {"CN": 45, "CL": 8, "CD": 8, "JP": 6, "RU": 4, "KR": 3, "DE": 3, "US": 3, "PL": 2}, "concentrate"),
    Kind("neodymium", 75e3, {"CN": 69, "MM": 11, "US": 11, "AU": 5, "IN": 2, "RU": 1},
         {"CN": 90, "MY": 6, "US": 2, "FR": 2}, "separated"),
    Kind("dysprosium", 260e3, {"CN": 52, "MM": 40, "AU": 4, "BR": 4}, {"CN": 97, "MY": 2, "FR": 1}, "separated"),
    Kind("tungsten", 40e3, {"CN": 82, "VN": 4, "RU": 3, "ES": 2, "PT": 2, "RW": 2, "BO": 2},
         {"CN": 80, "VN": 8, "DE": 4, "US": 4, "JP": 4}),
    Kind("antimony", 25e3, {"CN": 60, "RU": 12, "TR": 8, "BO": 6, "MM": 5, "AU": 4},
         {"CN": 74, "VN": 6, "IN": 5, "BO": 4, "FR": 3, "MM": 3}),
    Kind("vanadium", 20e3, {"CN": 68, "RU": 18, "ZA": 8, "BR": 6}, {"CN": 66, "RU": 14, "ZA": 8, "DE": 5, "US": 5}),
    Kind("titanium", 9e3, {"CN": 34, "MZ": 20, "ZA": 14, "AU": 6, "CA": 5, "NO": 5, "IN": 4, "UA": 2},
         {"CN": 69, "JP": 17, "RU": 6, "KZ": 5, "IN": 1}),
    Kind("magnesium", 3e3, {"CN": 64, "TR": 8, "BR": 7, "RU": 5, "ES": 4}, {"CN": 88, "RU": 3, "KZ": 3, "TR": 2}),
    Kind("tin", 30e3, {"CN": 23, "MM": 11, "ID": 17, "PE": 10, "CD": 8, "BO": 7, "BR": 6, "AU": 3},
         {"CN": 48, "ID": 18, "PE": 9, "MY": 6, "BR": 4, "TH": 3, "BO": 3, "PL": 2}),
    Kind("tantalum", 190e3, {"CD": 41, "RW": 17, "BR": 16, "CN": 4, "AU": 4, "MZ": 3},
         {"CN": 45, "KZ": 12, "DE": 10, "TH": 9, "JP": 9, "US": 9, "BR": 4}),
    Kind("niobium", 45e3, {"BR": 90, "CA": 8, "RU": 1, "RW": 1}, {"BR": 86, "CA": 8, "CN": 4, "JP": 2}),
    Kind("platinum", 31e6, {"ZA": 71, "RU": 12, "ZW": 10, "CA": 3, "US": 2}, {"ZA": 68, "RU": 13, "GB": 7, "JP": 4}),
    Kind("silicon", 2.5e3, {"CN": 65, "RU": 8, "BR": 6, "NO": 5, "US": 4}, {"CN": 79, "NO": 4, "BR": 4, "US": 3}),
    Kind("gallium", 450e3, {"CN": 80, "GN": 6, "AU": 6, "IN": 4, "BR": 4}, {"CN": 97, "JP": 1, "KR": 1, "DE": 1}),
    Kind("germanium", 2.4e6, {"CN": 60, "US": 12, "CA": 10, "CD": 8, "RU": 6}, {"CN": 68, "CA": 12, "US": 8, "RU": 6}),
)  # fmt: skip
"""Shares in percent, like those of the world in the 2020s; exact figures do not matter here."""


def great_circle(start: str, end: str) -> float:
    """Return the great circle between two countries [km]."""
    (north_a, east_a), (north_b, east_b) = _PLACES[start], _PLACES[end]
    a, b, turn = math.radians(north_a), math.radians(north_b), math.radians(east_a - east_b)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return _EARTH * math.acos(max(-1.0, min(1.0, cosine)))
