"""Real policies, dated and sourced: what each asks, and what it becomes on a day.

The policies themselves are the TOML files beside this one. To add one, write its file.
"""

from models.policies.policy import Measure, Pending, Policy, Suspension
from models.policies.reading import (
    PolicyError,
    build_toml,
    format_request,
    list_shipped,
    read_named,
    read_policy,
    read_shipped,
    select_measures,
    split,
)
from models.policies.same_law import CountedOnce, Names, count_once, names_of, share_days
from models.policies.standing import PeriodStanding, Standing, choose_measures, days_of, standings

__all__ = [
    "CountedOnce",
    "Measure",
    "Names",
    "Pending",
    "PeriodStanding",
    "Policy",
    "PolicyError",
    "Standing",
    "Suspension",
    "build_toml",
    "choose_measures",
    "count_once",
    "days_of",
    "format_request",
    "list_shipped",
    "names_of",
    "read_named",
    "read_policy",
    "read_shipped",
    "select_measures",
    "share_days",
    "split",
    "standings",
]
