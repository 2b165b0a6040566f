"""exposure.csv: the share of each country at each stage, by place and by control."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from models.records.tolerances import RECOUNTED
from optimizer.tables.table import COMPARED, KEY, MASS, Row, Table, Unit, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account

_HORIZON = ""
_SHARE = Unit("share", in_heading=False)


@dataclass(frozen=True, slots=True)
class CountryShare(Row):
    """A country at a stage, by place or by control; `ZZ` is what nobody declared, which a cap may count against all."""

    material: Annotated[str, KEY]
    """Of which material."""
    stage: Annotated[str, KEY]
    """At which of its stages."""
    period: Annotated[str, KEY]
    """In which period; empty over the whole horizon, of more periods than one or where a cap holds over it."""
    basis: Annotated[Literal["place", "control"], KEY]
    """Whether the country is where it is made, or where those sit who control it."""
    country: Annotated[str, KEY]
    """Whose share it is."""
    quantity: Annotated[float, MASS]
    """What is bought there."""
    arriving: Annotated[float, MASS]
    """What is left of it at the last stage, behind all yields."""
    share: Annotated[float, _SHARE, COMPARED]
    """Part of all that arrives of what passes the stage."""
    cap: Annotated[float | None, _SHARE]
    """What the share cap with least room allows; empty where none holds."""
    counted: Annotated[float | None, _SHARE]
    """What counts against that cap."""


def list_shares(account: Account, _: Units) -> Iterator[CountryShare]:
    """Yield the shares of each stage, by material, stage, period, basis and country; last the whole horizon."""
    caps = _tightest_caps(account)
    periods = tuple(account.market.years)
    summed = {(material, stage) for _, material, stage, _, period in caps if period == _HORIZON}
    for material, stage in account.exposure.passing:
        spans: list[tuple[str, tuple[str, ...]]] = [(period, (period,)) for period in periods]
        if len(periods) > 1 or (material, stage) in summed:
            spans.append((_HORIZON, periods))
        for label, inside in spans:
            whole = sum(account.supplied[material, stage, period] for period in inside)
            for basis in _BASES:
                attribution = partial(account.exposure.attribution, account, basis, material, stage, inside)
                bought = attribution().total_units()
                for country, units in sorted(attribution(arriving=True).total_units().items()):
                    cap, counted = caps.get((basis, material, stage, country, label), (None, None))
                    if units > RECOUNTED * whole or cap is not None:
                        yield CountryShare(
                            material=material,
                            stage=stage,
                            period=label,
                            basis=basis,
                            country=country,
                            quantity=bought[country],
                            arriving=units,
                            share=units / whole if whole else 0.0,
                            cap=cap,
                            counted=counted,
                        )


_BASES: tuple[Literal["place", "control"], ...] = ("place", "control")


def _tightest_caps(account: Account) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return (allowed, counted) of the share cap with least room, by (basis, material, stage, who, period)."""
    from models.limits.share_cap import ShareCap  # a table that is only read needs no limits

    caps: dict[tuple[str, ...], tuple[float, float]] = {}
    for limit, reading in account.readings:
        if not isinstance(limit, ShareCap) or limit.watch or limit.basis is None:
            continue
        key = (limit.basis, reading.key.material, reading.key.stage, reading.key.who, reading.key.period)
        allowed, counted = caps.get(key, (float("inf"), 0.0))
        if reading.allowed - reading.used < allowed - counted:
            caps[key] = (reading.allowed, reading.used)
    return caps


EXPOSURE = Table("exposure", CountryShare, of_account(list_shares))
