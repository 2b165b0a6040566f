"""What stays covered without what any one country controls, in words: one sentence, the same on every face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import country_name
from models.records.wording import name_length
from optimizer.results.survival import survival_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from optimizer.results.survival import Survival

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WHOLE = 100.0
_TOLD = 0.0005
"""Undisclosed shares below this are not told."""


def describe_survival(survival: Survival) -> str:
    """Return the sentence: what is lost, how long, and what stays covered."""
    if survival.not_tested:
        return f"What stays covered when a country stops is not tested: {survival.not_tested}."
    spell = describe_length(survival.lasts, survival.years)
    counted = "" if survival.at_short_notice else ", by stock and what was planned only"
    if not survival.country:
        lost = f"Without what any one country controls, for {spell} from any period"
        return f"{lost}, as much stays covered as the plan covers{counted}{_hidden(survival)}."
    covered = format_share(survival.covered)
    said = (
        f"Without what {country_name(survival.country)} controls, for {spell} from any period, {covered} of "
        f"{survival.material}, the worst-off material, stays covered until goods ordered afterwards arrive"
    )
    if survival.largest:
        other = f"{country_name(survival.largest)}, which controls most of it, {format_share(survival.largest_covered)}"
        said += f" (without {other})"
    return f"{said}{counted}{_hidden(survival)}."


def describe_survival_in(summary: Mapping[str, Any]) -> str:
    """Return the same from the summary of a plan; nothing where an earlier version wrote it.

    Raises KeyError, TypeError or ValueError when it is not what a plan says there.
    """
    survival = survival_in(summary.get("survival"))
    return "" if survival is None else describe_survival(survival)


def _hidden(survival: Survival) -> str:
    """Say how much nobody is known to control, so that no loss takes it."""
    if survival.undisclosed < _TOLD:
        return ""
    whose = f"of {survival.material} at one stage" if survival.material else "of a material at one stage"
    return f"; who controls {format_share(survival.undisclosed)} {whose} is not disclosed, and counts as kept"


def describe_length(periods: int, years: float) -> str:
    """Say how long some periods are that last so many years together.

    >>> describe_length(2, 0.5), describe_length(1, 1.0), describe_length(2, 0.6)
    ('two quarters', 'one year', 'two periods')
    """
    unit = name_length([years / periods])
    count = _WORDS[periods] if periods < len(_WORDS) else str(periods)
    return f"{count} {unit}{'' if periods == 1 else 's'}"


def format_share(share: float) -> str:
    """Spell a share of demand: two digits that count, and never 100 % of what is not all of it.

    >>> format_share(0.4712), format_share(0.9996), format_share(1.0)
    ('47%', '99.96%', '100%')
    """
    digits = 2
    while share < 1 and float(f"{100 * share:.{digits}g}") >= _WHOLE:
        digits += 1
    return f"{100 * share:.{max(digits, 3 * (share == 1))}g}%"
