"""The program of an instance as a Pyomo model, for whoever wants to look at it or solve it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lodeplan._instance import enforced
from models.formulation.build import build, written_out

if TYPE_CHECKING:
    from os import PathLike

    from models.instance import Instance


def model(instance: Instance | str | PathLike[str]) -> Any:
    """Return the mixed-integer program of an instance as a Pyomo model that any solver of Pyomo's can solve.

    Args:
        instance: an instance, or where one is to be read.

    Returns:
        A `pyomo.environ.ConcreteModel`: the objective `cost` [currency]; variables `flow` and `quantity` [mass unit
        of the material's basis], `signed` (binary), `unmet` and `stock` where the market has them, with units in
        their `doc`; rows by family (`ship_rows`, ...), and those of each limit in `limit[name]`. A limit on an HHI is
        written as quadratic constraints, which are convex.

    Raises:
        InputError: the instance cannot be read.

    """
    return written_out(build(enforced(instance)))
