"""Families of variables: declared when a model is built, and found again where something is said again of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.core import Var

if TYPE_CHECKING:
    from collections.abc import Collection

    from pyomo.core import BlockData, IndexedVar


class OtherVariablesError(Exception):
    """What is said again of a model asks for other variables, or families of rows, than the model has."""


def declare(block: BlockData, name: str, index: Collection[Any] | None, domain: Any, doc: str) -> IndexedVar:
    """Return a family of variables of a block, or one variable where there is no index; one that is there is kept.

    Whoever declares it sets whatever bounds it has beside those of its domain, each time.

    Raises:
        OtherVariablesError: it is there with other keys.
    """
    family: Any = block.component(name)
    if family is None:
        family = Var(*(() if index is None else (index,)), domain=domain, doc=doc)
        block.add_component(name, family)
    elif list(family.keys()) != ([None] if index is None else list(index)):
        raise OtherVariablesError(name)
    return family
