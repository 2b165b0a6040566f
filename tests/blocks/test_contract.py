"""What a block says of itself reaches the audit, the parts and the plain reasons without a second list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import optimizer.audit
import optimizer.reasons
from models.formulation import blocks, components
from models.formulation.blocks.block import MarketBlock
from models.formulation.components import parts
from models.market import Material
from optimizer.audit import audit
from optimizer.reasons import list_reasons
from tests.blocks.markets import instance, offer, solved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import pytest

    from models.formulation.blocks.block import Books, MarketBounds
    from models.market import Market


def _violations(books: Books) -> Iterator[str]:
    yield from (f"{name}: is bought in {period}" for (name, period), units in books.quantity.items() if units > 0)


def _couples(market: Market) -> Iterator[tuple[str, ...]]:
    yield tuple(market.material)


def _impossible(most: MarketBounds) -> Iterator[str]:
    yield from (f"{name}: may not be bought" for name in most.market.offer)


STRICT = MarketBlock(lambda _: None, _violations, _couples, _impossible)


def _further(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCKS", (*blocks.BLOCKS, STRICT))


def test_the_audit_asks_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    account = solved(instance([offer("only", 10)], {"1": 50})).account
    assert audit(account) == []
    _further(optimizer.audit, monkeypatch)
    assert audit(account) == ["only: is bought in 1"]


def test_materials_that_a_block_couples_are_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    tin = Material(material="tin", stages="refined", basis="t")
    asked = instance([offer("only", 10)], {"1": 50})
    market = asked.market
    both = asked.model_copy(update={"market": market.model_copy(update={"materials": (*market.materials, tin)})})
    assert [part.name for part in parts(both)] == ["ore", "tin"]
    _further(components, monkeypatch)
    assert [part.name for part in parts(both)] == ["ore + tin"]


def test_plain_reasons_ask_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = instance([offer("only", 10)], {"1": 50})
    assert list_reasons(asked) == []
    _further(optimizer.reasons, monkeypatch)
    assert list_reasons(asked) == ["only: may not be bought"]
