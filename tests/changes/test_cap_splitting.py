"""A cap changes the level of exactly the cells that it speaks of, whatever limits are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from models.changes import apply_changes, parse
from models.changes.pieces import list_cells, split_cells
from models.instance import Instance
from models.limits.share_cap import ShareCap
from optimizer.check import check
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.changes.selection import Cell

STAGES = ("mined", "smelted", "refined")
MATERIALS = ("a", "b", "c", "d")


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Draw materials with chains of their own, and caps on China for some of their cells."""
    chain = st.sampled_from([("mined",), ("refined",), ("mined", "refined"), ("smelted", "refined"), STAGES])
    chains = {name: draw(chain) for name in MATERIALS}
    market = {
        "periods": [{"name": "1", "years": 1}],
        "as_of": "2027-01-01",
        "materials": [{"material": name, "stages": stages, "basis": "t"} for name, stages in chains.items()],
        "sites": [{"site": "s", "country": "US"}],
        "demand": [{"site": "s", "material": name, "period": "1", "quantity": 1} for name in MATERIALS],
        "offers": [
            {"offer": f"{name}-{stage}", "company": "x", "material": name, "stage": stage, "country": "CL"}
            | {"capacity": 1, "price": 1}
            for name, stages in chains.items()
            for stage in stages
        ],
    }
    limits: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 3))):
        materials = draw(st.none() | st.sets(st.sampled_from(MATERIALS), min_size=1))
        some = [stage for name in materials or MATERIALS for stage in chains[name]]
        stages = draw(st.none() | st.sets(st.sampled_from(some), min_size=1))
        if materials and stages:
            materials = {name for name in materials if stages & set(chains[name])}
        limits.append(
            {"kind": "share_cap", "name": f"limit {number}", "country": "CN", "hard": True}
            | {
                "basis": draw(st.sampled_from(["place", "control"])),
                "max_share": draw(st.sampled_from([0.1, 0.5, 0.9])),
            }
            | ({"materials": sorted(materials)} if materials else {})
            | ({"stages": sorted(stages)} if stages else {})
        )
    return Instance.model_validate(
        {"name": "x", "title": "x", "currency": "USD", "mass_unit": "t", "market": market, "limits": limits}
    )


def levels(instance: Instance, basis: str) -> dict[Cell, list[float]]:
    """Return the levels of all caps by one basis, for each cell."""
    found: dict[Cell, list[float]] = {(m.material, stage): [] for m in instance.market.materials for stage in m.stages}
    for limit in instance.limits:
        if isinstance(limit, ShareCap) and limit.basis == basis:
            for cell in list_cells(limit, instance.market):
                found[cell].append(limit.max_share)
    return {cell: sorted(shares) for cell, shares in found.items()}


SCOPES: dict[str, Callable[[str, str], bool]] = {
    "": lambda _m, _s: True,
    "refined": lambda _m, s: s == "refined",
    "b": lambda m, _s: m == "b",
    "refined/a": lambda m, s: (m, s) == ("a", "refined"),
    "*/b": lambda m, _s: m == "b",
    "mined/*": lambda _m, s: s == "mined",
    "[ms]*/[ab]": lambda m, s: m in "ab" and s != "refined",
}
"""Scopes, and the cells that they mean."""


@examples(300)
@given(instance=instances(), scope=st.sampled_from(list(SCOPES)), basis=st.sampled_from(["place", "control", None]))
def test_every_cell_has_the_level_asked_for_inside_and_its_own_outside(
    instance: Instance, scope: str, basis: str | None
) -> None:
    inside = [(m.material, s) for m in instance.market.materials for s in m.stages if SCOPES[scope](m.material, s)]
    if not inside:
        return
    text = f"cap {scope + ':' if scope else ''}CN{'@' + basis if basis else ''}=30%"
    after = apply_changes(instance, [parse(text)])
    check(after)
    asked = ["place", "control"] if basis is None else [basis]
    spoken_of = {cell for one in asked for cell, shares in levels(instance, one).items() if shares}
    for one in ("place", "control"):
        old, new = levels(instance, one), levels(after, one)
        for cell in old:
            if cell not in inside or one not in asked:
                assert new[cell] == old[cell]
            elif cell in spoken_of:
                assert new[cell] == [0.3] * len(old[cell])
            else:
                assert new[cell] == [0.3]


@given(instance=instances(), data=st.data())
def test_pieces_make_up_exactly_the_cells(instance: Instance, data: st.DataObject) -> None:
    everything = [(m.material, stage) for m in instance.market.materials for stage in m.stages]
    wanted = data.draw(st.sets(st.sampled_from(everything)))
    made = [
        cell
        for piece in split_cells(wanted, instance.market)
        for cell in everything
        if cell[0] in piece.materials and cell[1] in piece.stages
    ]
    assert sorted(made) == sorted(wanted)


def test_what_is_left_of_a_product_is_two_products_at_most() -> None:
    market = {
        "periods": [{"name": "1", "years": 1}], "as_of": "2027-01-01",
        "materials": [{"material": name, "stages": STAGES, "basis": "t"} for name in MATERIALS],
        "sites": [{"site": "s", "country": "US"}],
        "demand": [{"site": "s", "material": "a", "period": "1", "quantity": 1}],
        "offers": [
            {"offer": "o", "company": "x", "material": "a", "stage": "mined", "country": "CL", "capacity": 1}
            | {"price": 1}
        ],
    }  # fmt: skip
    limits = [{"kind": "share_cap", "name": "l", "country": "CN", "basis": "place", "max_share": 0.5, "hard": True}]
    whole = Instance.model_validate(
        {"name": "x", "title": "x", "currency": "USD", "mass_unit": "t", "market": market, "limits": limits}
    )
    after = apply_changes(whole, [parse("cap smelted/[bc]:CN=30%")])
    assert [(limit.name, limit.level) for limit in after.limits] == [
        ("l", 0.5), ("l (outside smelted/[bc])", 0.5), ("l (smelted/[bc])", 0.3),
    ]  # fmt: skip
