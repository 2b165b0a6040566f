"""Real policies, dated and sourced: what each asks, and what it becomes on a day.

The policies themselves are the TOML files beside this one. To add one, write its file.
"""

from models.policies.policy import Measure, Policy
from models.policies.reading import (
    PolicyError,
    asked_as,
    named,
    read_policy,
    shipped,
    shipped_names,
    some_of,
    split,
    toml_of,
)
from models.policies.standing import Standing, chosen, standings

__all__ = [
    "Measure",
    "Policy",
    "PolicyError",
    "Standing",
    "asked_as",
    "chosen",
    "named",
    "read_policy",
    "shipped",
    "shipped_names",
    "some_of",
    "split",
    "standings",
    "toml_of",
]
