"""Real policies, dated and sourced: what each asks, and what it becomes on a day.

The policies themselves are the TOML files beside this one. To add one, write its file.
"""

from models.policies.policy import Measure, Policy
from models.policies.reading import (
    PolicyError,
    asked_as,
    list_shipped,
    read_named,
    read_policy,
    read_shipped,
    select_measures,
    split,
    toml_of,
)
from models.policies.standing import Standing, choose_measures, standings

__all__ = [
    "Measure",
    "Policy",
    "PolicyError",
    "Standing",
    "asked_as",
    "choose_measures",
    "list_shipped",
    "read_named",
    "read_policy",
    "read_shipped",
    "select_measures",
    "split",
    "standings",
    "toml_of",
]
