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
from models.policies.standing import Standing, choose_measures, standings

__all__ = [
    "Measure",
    "Pending",
    "Policy",
    "PolicyError",
    "Standing",
    "Suspension",
    "build_toml",
    "choose_measures",
    "format_request",
    "list_shipped",
    "read_named",
    "read_policy",
    "read_shipped",
    "select_measures",
    "split",
    "standings",
]
