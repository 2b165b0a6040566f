"""What stays covered without what any one country controls: the sentence of every answer, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Survival:
    """The worst that a plan does when one country stops for half a year, by control, from any period."""

    not_tested: str = ""
    """Why nothing is known; empty where it is."""
    country: str = ""
    """Code of the country whose loss is the worst; empty where the plan loses nothing with any."""
    material: str = ""
    """The material of which least stays covered then."""
    covered: float = 1.0
    """Share of its demand, from the beginning of the loss to its end plus the longest lead time."""
    begins: str = ""
    """The period in which the worst loss begins."""
    lasts: int = 1
    """Periods that it lasts: the fewest that make half a year."""
    years: float = 1.0
    """Years that they last."""
    largest: str = ""
    """Code of the country that controls most of the material at its last stage, where that is another."""
    largest_covered: float = 1.0
    """What stays covered without it, at the worst."""
    at_short_notice: bool = False
    """Whether anything says what suppliers give at short notice; else stock and what was planned count alone."""
    undisclosed: float = 0.0
    """Share of the material, at the stage where that is most, that nobody is known to control: none loses it."""

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data: shares from 0 to 1."""
        return asdict(self)


def survival_in(data: Mapping[str, Any] | None) -> Survival | None:
    """Return what `Survival.as_data` wrote, None where nothing did; raises KeyError, TypeError or ValueError for more.

    >>> survival_in({"covered": "all"})
    Traceback (most recent call last):
    ValueError: covered: 'all'
    """
    if data is None:
        return None
    default = Survival().as_data()
    for key, value in data.items():
        kind = type(default[key])
        if not isinstance(value, (int, float) if kind is float else kind) or (
            isinstance(value, bool) != (kind is bool)
        ):
            msg = f"{key}: {value!r}"
            raise ValueError(msg)
    return Survival(**data)
