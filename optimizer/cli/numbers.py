"""Numbers that options take: finite ones in a range."""

from __future__ import annotations

import math
from typing import Any

import click


class _Finite(click.FloatRange):
    """A range of finite numbers; to say that there is no bound, the option is left out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that a text says."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number; leave the option out where nothing bounds it.", param, ctx)
        return number


GAP = _Finite(min=0)
"""Relative gap: 0 or more."""
SECONDS = _Finite(min=0, min_open=True)
"""A time: more than 0."""
