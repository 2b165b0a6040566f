"""The colours of drawings, and who gets which.

Six hues were searched for least distance under ordinary sight and three kinds of colour-blindness; a test computes the
distances. Drawings name colours by class, and a page says once what they are by light and in the dark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED
from optimizer.charts.stages import BASES, stages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from optimizer.charts.shown import ShownPlan

HUES = ("blue", "rust", "teal", "gold", "plum", "lilac")
GREYS = ("grey", "pale")
"""Two greys in turn, for countries from the seventh on, which are told apart by their labels."""
LIGHT = {
    "blue": "#2348A6", "rust": "#B2452A", "teal": "#23988A", "gold": "#C08A10", "plum": "#571E5C", "lilac": "#A184E0",
    "grey": "#A9B0BA", "pale": "#C6CBD2", "hatch": "#ECEEF1", "hatching": "#8A919C",
    "paper": "#FFFFFF", "ink": "#16191F", "second": "#4A515C", "third": "#6B7380", "rule": "#D9DDE3",
    "track": "#EEF0F3", "price": "#2B3A4E", "notch": "#E0A028",
    "ore": "#27507F", "processing": "#6F9CC4", "freight": "#D39A2D", "duty": "#B2452A", "fixed": "#7B828D",
    "lacking": "#4B0B3C",
    "step1": "#DFE7EF", "step2": "#B7CADE", "step3": "#84A5C6", "step4": "#4A76A3", "step5": "#1F4671",
    "land": "#E9EBEE", "alarm": "#A3271A",
}  # fmt: skip
DARK = {
    "blue": "#6A8AF0", "rust": "#D0562C", "teal": "#3CDCCD", "gold": "#C9A227", "plum": "#F57598", "lilac": "#BCA9F5",
    "grey": "#6C7583", "pale": "#4E5661", "hatch": "#22272E", "hatching": "#6F7885",
    "paper": "#121519", "ink": "#E9ECF0", "second": "#B3BAC4", "third": "#8B93A0", "rule": "#2F353D",
    "track": "#22272E", "price": "#9FB2CA", "notch": "#E0A028",
    "ore": "#5F8FC9", "processing": "#A9CBEA", "freight": "#D8AB4A", "duty": "#D0562C", "fixed": "#7B8492",
    "lacking": "#8F1D86",
    "step1": "#25313E", "step2": "#2F4A66", "step3": "#3F6E9C", "step4": "#6C9FD0", "step5": "#B9DBFA",
    "land": "#23282F", "alarm": "#FF9A86",
}  # fmt: skip
FILLED = (
    *HUES, *GREYS, "price", "notch", "ore", "processing", "freight", "duty", "fixed", "lacking", "track", "ink", "land",
    "step1", "step2", "step3", "step4", "step5",
)  # fmt: skip
"""Colours that marks are filled with, each by a class of its name."""
FIRST = "CN"
"""The country that has a hue of its own in every drawing, beside those of the sites."""
_PREFERRED = {
    "AR": "lilac", "AU": "gold", "BE": "gold", "BR": "teal", "CA": "lilac", "CD": "plum", "CL": "teal", "DE": "gold",
    "FI": "lilac", "FR": "lilac", "GA": "gold", "ID": "plum", "IN": "gold", "JP": "lilac", "KR": "teal", "KZ": "gold",
    "MX": "teal", "MY": "teal", "NO": "teal", "PE": "gold", "PH": "gold", "RU": "plum", "TR": "gold", "US": "blue",
    "VN": "teal", "ZA": "gold",
}  # fmt: skip
"""The hue that a country takes if it is free, so that it has the same in most plans."""


def assign(*plans: ShownPlan) -> dict[str, str]:
    """Return the class of each country: the sites' own and China first, then those that lead at most stages.

    Over several plans it is assigned once, over all of them.
    """
    homes = [country for plan in plans for country in plan.homes]
    return choose(rank(plans), homes)


def choose(ranked: Sequence[str], homes: Sequence[str]) -> dict[str, str]:
    """Return the class of each country, those that come first choosing first."""
    order = dict.fromkeys([*homes[:1], FIRST, *ranked])
    found: dict[str, str] = {UNDISCLOSED: "hatched"}
    free, greys = list(HUES), 0
    for country in order:
        if country in found:
            continue
        wanted = "blue" if country in homes[:1] else "rust" if country == FIRST else _PREFERRED.get(country, "")
        hue = wanted if wanted in free else next((hue for hue in free if hue not in _kept(homes, found)), "")
        if hue:
            free.remove(hue)
            found[country] = hue
        else:
            found[country] = GREYS[greys % 2]
            greys += 1
    return found


def _kept(homes: Sequence[str], found: Mapping[str, str]) -> set[str]:
    """Return hues that are kept for those that always have them."""
    return ({"blue"} if homes and homes[0] not in found else set()) | (set() if FIRST in found else {"rust"})


def rank(plans: Iterable[ShownPlan]) -> list[str]:
    """Return the countries of plans in the order in which they choose a hue.

    First those that are the largest at a stage, as their bars are what a reader sees first, by the sum of the shares
    that they have there; then the others by the sum of all their shares. Each stage counts alike, on both bases.
    """
    weights: dict[str, tuple[float, float]] = {}
    for plan in plans:
        for stage in stages_of(plan):
            for basis in BASES:
                period = stage.worst(basis)
                first = stage.largest(basis, period)
                for country, one in stage.shares(basis, period).items():
                    leading, all_of_it = weights.get(country, (0.0, 0.0))
                    weights[country] = leading + one.share * (country == first), all_of_it + one.share
    return sorted((who for who in weights if weights[who][1] > 0), key=lambda who: (*(-w for w in weights[who]), who))


def declare_colours() -> str:
    """Return the colours as CSS: variables by light, in the dark and on paper, and a class for each that fills."""
    return declare_variables(":root") + declare_fills()


def declare_variables(root: str) -> str:
    """Return the colours as variables of what a selector finds, by light and in the dark."""
    dark = f"@media screen and (prefers-color-scheme:dark){{{root}{{color-scheme:dark;{_variables(DARK)}}}}}"
    return f"{root}{{color-scheme:light;{_variables(LIGHT)}}}{dark}"


def declare_fills() -> str:
    """Return a class for each colour that fills."""
    return "".join(f".{colour}{{--own:var(--{colour});fill:var(--own);background:var(--own)}}" for colour in FILLED)


def _variables(colours: Mapping[str, str]) -> str:
    return "".join(_declare(colours))


def _declare(colours: Mapping[str, str]) -> Iterator[str]:
    for colour, code in colours.items():
        yield f"--{colour}:{code};"
