"""What a policy asks of a plan: one file a kind, one class each, in one discriminated union.

To add a kind, write its file and name its class in `AnyLimit`.
"""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from models.limits.at_most_of import AtMostOf
from models.limits.average_cap import AverageCap
from models.limits.average_floor import AverageFloor
from models.limits.ban import Ban
from models.limits.budget_cap import BudgetCap
from models.limits.change_cap import ChangeCap
from models.limits.consistent_award import ConsistentAward
from models.limits.content_cap import ContentCap
from models.limits.contract.limit import Key, Limit, Reading, Row, RowBatch
from models.limits.cover_floor import CoverFloor
from models.limits.dependence_cap import DependenceCap
from models.limits.dual_source import DualSource
from models.limits.hhi_cap import HhiCap
from models.limits.least_sources import LeastSources
from models.limits.lock import Lock
from models.limits.most_sources import MostSources
from models.limits.moved_cap import MovedCap
from models.limits.quantity_cap import QuantityCap
from models.limits.quantity_floor import QuantityFloor
from models.limits.quota import Quota
from models.limits.ramp_cap import RampCap
from models.limits.requires import Requires
from models.limits.share_cap import ShareCap
from models.limits.share_floor import ShareFloor
from models.limits.split_award import SplitAward
from models.limits.survival_floor import SurvivalFloor
from models.limits.time_to_survive_floor import TimeToSurviveFloor
from models.limits.total_cap import TotalCap
from models.limits.value_ratio_floor import ValueRatioFloor

AnyLimit = Annotated[
    ShareCap
    | ShareFloor
    | QuantityCap
    | QuantityFloor
    | Ban
    | LeastSources
    | MostSources
    | BudgetCap
    | AverageCap
    | AverageFloor
    | TotalCap
    | ValueRatioFloor
    | Quota
    | DependenceCap
    | ContentCap
    | SplitAward
    | DualSource
    | ConsistentAward
    | Requires
    | AtMostOf
    | ChangeCap
    | MovedCap
    | Lock
    | RampCap
    | CoverFloor
    | HhiCap
    | SurvivalFloor
    | TimeToSurviveFloor,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[Limit]] = {
    str(kind.model_fields["kind"].default): kind for kind in get_args(get_args(AnyLimit)[0])
}
"""Every kind of limit by the word that a file uses for it."""

__all__ = ["KINDS", "AnyLimit", "Key", "Limit", "Reading", "Row", "RowBatch"]
