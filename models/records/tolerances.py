"""Every tolerance, with its reason: how near two numbers are that count as equal, and what counts as nothing.

Each is a share of the figures concerned. Accuracies at which an algorithm stops stand with the algorithm, and what is
too small to be worth a word stands with the words; bounds that algebra adds up itself, it compares by `SAME_SUM`'s
value.
"""

from __future__ import annotations

from typing import Final

SAME_SUM: Final = 1e-12
"""The same figures added up in another order, or multiplied and divided again, differ by so much at the most."""

WRITTEN: Final = 1e-11
"""Figures are written to twelve digits, so what is read back differs from what was added up by so much."""

ROUNDING: Final = 1e-9
"""What was stated with decimals and then added up and compared is off by less, and no fact of a market is as small."""

SAME_COST: Final = 1e-9
"""Two plans cost the same within this: the solver's tolerance on rows lets costs differ by so much."""

FEASIBLE: Final = 1e-9
"""Rows, bounds and squares may be broken by so much, in scaled units: a thousandth of what solvers take by default, so
that what many rows are off by adds up to less than `RECOUNTED`."""

FEASIBLE_WHEN_LARGE: Final = 1e-7
"""The same of large programs, where `FEASIBLE` takes three times as long."""

RESIDUE: Final = 1e-8
"""What a solver leaves of a quantity that is none, or between one and a step that it is at, as a share of what passes:
ten times `FEASIBLE`, as quantities are scaled up again."""

WHOLE_NUMBER: Final = 1e-6
"""An integer of a relaxation is whole within this, as solvers of mixed-integer programs take it."""

RECOUNTED: Final = 1e-6
"""A recount and what a solver or a file claims agree within this: it is above all that is left by the tolerances of
rows, and below all that anybody would act on."""

STRICTLY: Final = 1e-6
"""A row cannot say *less than*, so it keeps away by this share: far above `FEASIBLE`, far below what matters."""

NO_COST: Final = 1e-10
"""A gap is a share of the cost; of a plan that costs nothing it is a share of this."""


def slight(*figures: float) -> float:
    """Return the difference that counts as rounding where figures of this size are recounted."""
    return RECOUNTED * max(map(abs, figures), default=0.0)
