"""losses.csv and unmet.csv: what is left of a plan after each loss that it was tested against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from optimizer.tables.table import CURRENCY, KEY, MASS, SHARE, SOLVED, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.losses import Stress
    from optimizer.tables.table import Units


@dataclass(frozen=True, slots=True)
class MaterialLoss(Row):
    """What a loss does to a material, in the best response to it; the worst loss first."""

    loss: Annotated[str, KEY]
    """Who or what is lost, as `lodeplan stress --lose` names it."""
    begins: Annotated[str, KEY]
    """The first period of the loss."""
    lasts: float
    """Periods that it lasts."""
    material: Annotated[str, KEY]
    """Name of the material."""
    hits: bool
    """Whether it hits anything of the plan; where not, the plan goes on as it is."""
    covered: Annotated[float | None, SHARE, SOLVED]
    """Part of demand that is met, from the beginning of the loss to its end plus the longest lead time; empty where the
    solver found no answer, as all that follows."""
    planned: Annotated[float, SHARE]
    """The same in the plan, without the loss."""
    unmet: Annotated[float | None, MASS, SOLVED]
    """Units unmet from the beginning of the loss to the end of the horizon."""
    survives: Annotated[float | None, SOLVED]
    """Periods from the beginning in which all can be met that the plan meets; empty = to the end of the horizon."""
    recovers: Annotated[float | None, SOLVED]
    """Periods from the beginning until all is met again that the plan meets; empty = not within the horizon."""
    extra_cost: Annotated[float | None, CURRENCY, SOLVED]
    """What the response costs beyond the plan from the beginning of the loss on: purchases, calls, what is owed though
    it is not taken, freight, duties, storage, closing stock that is missing, and shortage at its stated cost."""
    shortage_cost: Annotated[float | None, CURRENCY, SOLVED]
    """The part of it that is shortage; 0 where no shortage cost is stated."""
    written_off: Annotated[float | None, MASS, SOLVED]
    """Units that were under way, arrive and cannot be used."""
    missing: Annotated[float | None, MASS, SOLVED]
    """Units of closing stock below its minimum."""


@dataclass(frozen=True, slots=True)
class UnmetLoss(Row):
    """Demand that is left unmet in the best response to a loss."""

    loss: Annotated[str, KEY]
    """Who or what is lost."""
    begins: Annotated[str, KEY]
    """The first period of the loss."""
    lasts: float
    """Periods that it lasts."""
    material: Annotated[str, KEY]
    """Name of the material."""
    period: Annotated[str, KEY]
    """The period in which it is unmet."""
    unmet: Annotated[float, MASS, SOLVED]
    """Units."""


def _list_losses(stress: Stress, _: Units) -> Iterator[MaterialLoss]:
    periods = list(stress.account.market.years)
    for tested in stress.tested:
        loss, sure = tested.loss, tested.sure
        for one in tested.materials:
            yield MaterialLoss(
                loss=loss.subject.spelling,
                begins=periods[loss.begins],
                lasts=loss.lasts,
                material=one.material,
                hits=tested.hits,
                covered=one.covered if sure else None,
                planned=one.planned,
                unmet=sum(units for _, units in one.unmet) if sure else None,
                survives=one.survives if sure else None,
                recovers=one.recovers if sure else None,
                extra_cost=one.extra_cost if sure else None,
                shortage_cost=one.shortage_cost if sure else None,
                written_off=one.written_off if sure else None,
                missing=one.missing if sure else None,
            )


def _list_unmet(stress: Stress, _: Units) -> Iterator[UnmetLoss]:
    periods = list(stress.account.market.years)
    for tested in stress.tested:
        loss = tested.loss
        for one in tested.materials if tested.sure else ():
            for period, units in one.unmet:
                yield UnmetLoss(loss.subject.spelling, periods[loss.begins], loss.lasts, one.material, period, units)


LOSSES = Table("losses", MaterialLoss, _list_losses)
UNMET = Table("unmet", UnmetLoss, _list_unmet)
