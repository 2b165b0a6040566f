"""A floor on what is attributed to somebody: it holds in all of its scope, also where who is meant sells nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from models.limits.contract.subject import SubjectLimit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from models.market import Market

_MOST_NAMED = 3
_Cell = tuple[str, str]
"""(material, stage)"""


class SubjectFloor(SubjectLimit):
    """A limit that asks for so much of somebody, at every material and stage in scope."""

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that a company or an offer sells nothing of what the limit asks for, and how to say what it does.

        One that is only watched may ask for it: its share is then none.
        """
        yield from super().problems(market)
        field = "company" if self.company is not None else "offer"
        who = getattr(self, field)
        if who is None or self.watch:
            return
        selling = {(offer.material, offer.stage) for offer in market.offers if getattr(offer, field) == who}
        scope = list(self.stages_of(market))
        without = [cell for cell in scope if cell not in selling and self._asks(market, cell[0])]
        if without and selling:
            more = f" and {len(without) - _MOST_NAMED} more" if len(without) > _MOST_NAMED else ""
            names = ", ".join(_format_cells(without[:_MOST_NAMED]))
            yield f"{field}: {who} sells no {names}{more}, so no plan can hold a floor there; {_cure(scope, selling)}"

    def _asks(self, market: Market, material: str) -> bool:  # noqa: ARG002 (a share of nothing is met)
        """Whether the limit asks for any of a material."""
        return True

    def members(self, market: Market, weights: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each subject with the names that it consists of: a company or an offer also where it sells nothing."""
        who = self.company or self.offer
        yield from [(who, (who,))] if who else super().members(market, weights)


def _cure(scope: list[_Cell], selling: set[_Cell]) -> str:
    """Return how to narrow a scope to what somebody sells."""
    inside = [cell for cell in scope if cell in selling]
    materials, stages = (list(dict.fromkeys(names)) for names in zip(*inside, strict=True)) if inside else ([], [])
    for narrower in ({"stages": stages}, {"materials": materials}, {"materials": materials, "stages": stages}):
        left = [
            (material, stage)
            for material, stage in scope
            if material in narrower.get("materials", (material,)) and stage in narrower.get("stages", (stage,))
        ]
        if left == inside and left:
            return f"write {' and '.join(f'{field} = {json.dumps(names)}' for field, names in narrower.items())}"
    some = ", ".join(_format_cells(inside or sorted(selling)))
    return (
        f"write a limit for each that it sells: {some}"
        if inside
        else f"name materials and stages that it sells: {some}"
    )


def _format_cells(cells: Iterable[_Cell]) -> list[str]:
    return [f"{stage} {material}" for material, stage in cells]
