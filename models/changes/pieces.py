"""Parts of what a limit holds for: any set of cells, as few products of materials and stages as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from models.limits.contract.scoped import ScopedLimit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from models.changes.selection import Cell
    from models.limits import AnyLimit
    from models.market import Market

L = TypeVar("L", bound=ScopedLimit)


class Piece(NamedTuple):
    """The cells of some materials at some stages, as far as those materials have them."""

    materials: list[str]
    stages: list[str]


def list_cells(limit: ScopedLimit, market: Market) -> list[Cell]:
    """Return the (material, stage) pairs that a limit holds for."""
    return list(dict.fromkeys((key.material, key.stage) for key, _ in limit.cells(market)))


def split_cells(cells: Collection[Cell], market: Market) -> list[Piece]:
    """Split cells into products: a material joins a piece when that adds no other cell to it."""
    found: list[Piece] = []
    chains = {m.material: m.stages for m in market.materials}
    for material, chain in chains.items():
        mine = [stage for stage in chain if (material, stage) in cells]
        if not mine:
            continue
        for piece in found:
            stages = list(dict.fromkeys([*piece.stages, *mine]))
            together = [(m, stage) for m in (*piece.materials, material) for stage in chains[m] if stage in stages]
            if all(cell in cells for cell in together):
                piece.materials.append(material)
                piece.stages[:] = stages
                break
        else:
            found.append(Piece([material], mine))
    return found


def confine(limit: L, cells: Collection[Cell], market: Market) -> Iterator[L]:
    """Yield a limit for each piece of some of its cells; what needs no words is left as the limit has it."""
    whole = list_cells(limit, market)
    for piece in split_cells(set(cells), market):
        kept = [stage for material, stage in whole if material in piece.materials]
        all_materials = set(piece.materials) == {material for material, _ in whole}
        all_stages = set(piece.stages) == set(kept if limit.stages is None else limit.stages)
        yield limit.model_copy(
            update={
                "materials": limit.materials if all_materials else tuple(piece.materials),
                "stages": limit.stages if all_stages else tuple(piece.stages),
            }
        )


def confine_to_periods(limit: L, periods: Collection[str] | None, market: Market) -> tuple[L, L | None]:
    """Return a limit in some periods (None for all), and in the others that it counts; None where there are none."""
    counted = tuple(filter(limit.counts_in, market.years))
    rest = () if periods is None else tuple(period for period in counted if period not in periods)
    if not rest:
        return limit, None
    mine = tuple(period for period in counted if period not in rest)
    return limit.model_copy(update={"periods": mine}), limit.model_copy(update={"periods": rest})


def find_free_name(name: str, taken: Iterable[str]) -> str:
    """Return a name that no limit has: the name itself, or the name and a number."""
    known = set(taken)
    number = 2
    wanted = name
    while wanted in known:
        wanted, number = f"{name} {number}", number + 1
    return wanted


def add_scope(name: str, scope: str | None) -> str:
    """Return a name with the scope in brackets, when there is one."""
    return name if scope is None else f"{name} ({scope})"


def rename(limits: Iterable[AnyLimit], names: Iterable[str]) -> list[AnyLimit]:
    """Return limits under names that none of them and none of `names` has yet."""
    taken = set(names)
    found: list[AnyLimit] = []
    for limit in limits:
        name = find_free_name(limit.name, taken)
        taken.add(name)
        found.append(limit if name == limit.name else limit.model_copy(update={"name": name}))
    return found
