"""Lodeplan from Python: diversified sourcing of critical minerals, optimised.

    import lodeplan

    instance = lodeplan.load("tutorial-lithium-cobalt")
    plan = lodeplan.solve(lodeplan.change(instance, "cap refined/lithium:CN=40%"))
    plan.purchases

Each function asks one question and returns one result, which holds the answer in a sentence, tables as pandas
DataFrames, and the records that they come from. What is not listed in `__all__` is private, and may change.

Nothing heavy is imported before it is asked for.

Raises ImportError when another package `models` or `optimizer` is imported already.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lodeplan._alternatives import Alternatives, alternatives
    from lodeplan._audit import Audit, audit
    from lodeplan._comparison import Comparison, compare
    from lodeplan._data import Data, data
    from lodeplan._explanation import Explanation, explain
    from lodeplan._exposure import Exposure, exposure
    from lodeplan._frontier import Frontier, sweep
    from lodeplan._instance import change, load
    from lodeplan._law import Law, law
    from lodeplan._model import model
    from lodeplan._policies import Policies, policies
    from lodeplan._prices import Prices, price
    from lodeplan._solution import Solution, solve
    from lodeplan._stress import Stress, stress
    from lodeplan._whatif import Cases, whatif
    from models.instance import Instance
    from optimizer.errors import AuditFailure, InputError, LodeplanError, NoPlan, SolverFailure
    from optimizer.results.plan import Plan

__all__ = [
    "Alternatives",
    "Audit",
    "AuditFailure",
    "Cases",
    "Comparison",
    "Data",
    "Explanation",
    "Exposure",
    "Frontier",
    "InputError",
    "Instance",
    "Law",
    "LodeplanError",
    "NoPlan",
    "Plan",
    "Policies",
    "Prices",
    "Solution",
    "SolverFailure",
    "Stress",
    "alternatives",
    "audit",
    "change",
    "compare",
    "data",
    "explain",
    "exposure",
    "law",
    "load",
    "model",
    "policies",
    "price",
    "solve",
    "stress",
    "sweep",
    "whatif",
]

_HOMES = {
    "lodeplan._alternatives": ("Alternatives", "alternatives"),
    "lodeplan._audit": ("Audit", "audit"),
    "lodeplan._comparison": ("Comparison", "compare"),
    "lodeplan._data": ("Data", "data"),
    "lodeplan._explanation": ("Explanation", "explain"),
    "lodeplan._exposure": ("Exposure", "exposure"),
    "lodeplan._frontier": ("Frontier", "sweep"),
    "lodeplan._instance": ("change", "load"),
    "lodeplan._law": ("Law", "law"),
    "lodeplan._model": ("model",),
    "lodeplan._policies": ("Policies", "policies"),
    "lodeplan._prices": ("Prices", "price"),
    "lodeplan._solution": ("Solution", "solve"),
    "lodeplan._stress": ("Stress", "stress"),
    "lodeplan._whatif": ("Cases", "whatif"),
    "models.instance": ("Instance",),
    "optimizer.errors": ("AuditFailure", "InputError", "LodeplanError", "NoPlan", "SolverFailure"),
    "optimizer.results.plan": ("Plan",),
}
"""Where each name comes from."""


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    for home, names in _HOMES.items():
        if name in names:
            found = getattr(import_module(home), name)
            globals()[name] = found
            return found
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """Return the public names, and no others."""
    return sorted(__all__)


def _take_our_engine() -> None:
    """Import the `optimizer` beside this package, and with it our `models`, whatever others the path has before them.

    Both names are common: the folder of a notebook may well hold a `models.py` of its own.
    """
    home = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(home))
    try:
        found = import_module("optimizer")
    finally:
        sys.path.remove(str(home))
    where = Path(found.__file__ or next(iter(found.__path__))).resolve()
    if where.parent.parent != home:
        msg = f"lodeplan needs the package {home / 'optimizer'}, and {where} is imported already; import lodeplan first"
        raise ImportError(msg)


_take_our_engine()
