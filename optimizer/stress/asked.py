"""What ``lodeplan stress`` asks: losses by name, beginning and duration, of a plan that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from models.market.losses import Loss
from models.records.fields import PositiveShare
from models.records.messages import suggest_or_list
from models.records.wording import format_count
from optimizer.errors import InputError
from optimizer.stress.run import list_windows
from optimizer.stress.subjects import DEFAULT, read_subjects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.market import Market
    from optimizer.results.account import Account


def check_scenarios(who: Sequence[str], said: Mapping[str, object], files: Mapping[str, object] | None = None) -> None:
    """Raise InputError where scenarios are tested, and something is asked for that only losses have.

    `said` holds by flag what is said of losses, which is idle without any; `files` holds what is made of losses alone.
    """
    what = "is said of losses, and a scenario says itself when it begins and how long it lasts"
    faults = [f"{flag}: {what}; leave it out, or add --lose" for flag, value in said.items() if value and not who]
    what = "holds losses alone; leave out --scenario, or take --json, which holds scenarios too"
    faults += [f"{flag}: {what}" for flag, value in (files or {}).items() if value]
    if faults:
        raise InputError(faults)


_SHARE: TypeAdapter[float] = TypeAdapter(PositiveShare)


def list_losses(
    account: Account, who: Sequence[str] = (), lasts: int | None = None, first: str | None = None
) -> list[Loss]:
    """Return every subject in every beginning from a period on; without any, each country by control.

    Raises:
        InputError: with one line for everything that names nothing, or does not fit into the horizon.
    """
    market = account.market
    start, faults = _position(market, first)
    left = len(market.years) - start
    if lasts is not None and lasts < 1:
        faults.append(f"--duration {lasts}: is no number of periods; write 1 or more")
    if lasts is not None and lasts > left and not faults:
        since = f"from {first} on there are" if first else "the horizon has"
        faults.append(f"--duration {lasts}: {since} {format_count(left, 'periods')}; write {left} or fewer")
    try:
        subjects = read_subjects(who or [DEFAULT], market, account.network)
    except InputError as error:
        raise InputError([*faults, *error.problems]) from None
    if faults:
        raise InputError(faults)
    return [Loss(subject, *spell) for subject in subjects for spell in list_windows(market, lasts, start)]


def _position(market: Market, period: str | None) -> tuple[int, list[str]]:
    """Return where a period stands in the horizon, and what is wrong with its name."""
    if period is None:
        return 0, []
    if period not in market.years:
        return 0, [f"--from {period}: is no period{suggest_or_list(period, market.years)}"]
    return list(market.years).index(period), []


def read_share(text: str) -> float:
    """Return the share from which what a country owns is lost whole.

    Raises:
        InputError: it is none above 0.
    """
    try:
        share: float = _SHARE.validate_python(text)
    except ValidationError as error:
        raise InputError([f"--from-share {text}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"]) from None
    return share
