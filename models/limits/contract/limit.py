"""The contract of a limit: one file, one record, one level.

A limit is a frozen record with a `level`, the one number that an analyst moves. It yields rows
``less <= more`` over the program's decisions and recounts the same thing from a plan's plain
numbers. The audit and the reports need no more of it; what is made of levels later (flags, sweeps,
prices, explanations) will not either.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator
from pyomo.core import SetOf

from models.market import Record
from models.records.fields import Name, Positive, Yes
from models.records.wording import format_amount, format_percent, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator

    from models.algebra.batched import Expressions
    from models.algebra.constraints import Square
    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds
    from models.market.losses import Answer


_BLOCS = frozenset({"bloc", "outside", "to_bloc"})
"""Fields that name a bloc."""
_COUNTED = frozenset({"sources", "offers", "changes", "days"})
"""Units that have a singular."""


class Key(NamedTuple):
    """What one row of a limit speaks of; empty where it does not apply."""

    material: str = ""
    stage: str = ""
    who: str = ""
    period: str = ""

    def of(self, who: str) -> Key:
        """Return the same key, of somebody."""
        return Key(self.material, self.stage, who, self.period)


def index_of(keys: Iterable[tuple[Any, ...]]) -> SetOf:
    """Return the index of variables for some keys, none of them twice: taken as they are, without a look at each."""
    return SetOf([tuple(key) for key in keys])


class Row(NamedTuple):
    """One inequality ``less <= more`` over sums of terms, Pyomo expressions and numbers.

    A defining row only defines something (a source counts when it supplies enough); it is not what the
    policy asks for, so it gives neither at a penalty nor in an explanation.
    """

    key: Key
    less: Any
    more: Any
    defining: bool = False
    reading: Key | None = None
    """The key of the reading that the row belongs to, when it is not its own: rows of one reading share an excess."""

    @property
    def readings(self) -> tuple[Key]:
        """The key of the reading that the row belongs to."""
        return (self.reading or self.key,)


class RowBatch(NamedTuple):
    """Inequalities ``less <= more``, one for each key, each with a reading of its own: sums, or one number for all."""

    keys: Collection[Key]
    less: Expressions | float
    more: Expressions | float
    defining: Literal[False] = False

    @property
    def readings(self) -> Collection[Key]:
        """The keys of the readings that the rows belong to."""
        return self.keys


@dataclass(frozen=True, slots=True)
class Reading:
    """One row recounted from a plan's plain numbers.

    `used` and `allowed` are in the unit of the limit's level; `excess` is how much the row
    ``less <= more`` is broken, in the row's own unit (0 when it holds).
    """

    key: Key
    used: float
    allowed: float
    excess: float
    idle: bool = False
    """There is nothing of which the level could be a part: the level counts as met, and does not bind."""
    undisclosed: float = 0.0
    """By how much `used` would be further from what binds if what nobody declared did not count, in its unit."""


class Limit(Record):
    """What every limit has: a name, and how firmly it holds."""

    LEVEL: ClassVar[str]
    """The field that holds the level."""
    UNIT: ClassVar[Literal["share", "quantity", "count", "money", "figure"]]
    """What the level is measured in; a figure is a number in a unit that the limit names (see `unit`)."""
    SENSE: ClassVar[Literal["at most", "at least"]]
    KEEPS: ClassVar[tuple[str, ...]] = ()
    """What its rows keep on its block where another level changes nothing of it: variables, and what took long."""
    WHEN: ClassVar[str] = "in"
    """What stands before the period of a row."""
    REPAIR: ClassVar[str] = ""
    """How another level is proposed, of `new`, `old`, `what` (materials and stages) and `who`; empty = by UNIT."""

    IN_RESPONSES: ClassVar[bool] = False
    """Whether it may hold in responses too: its rows speak of what one period buys, and nothing bought keeps them."""
    READS_PRICES: ClassVar[bool] = True
    """Whether its rows may hang on what anything costs; where not, other prices leave rows as they are."""
    PREPARES: ClassVar[bool] = False
    """Whether it asks for what is needed once something stops, and does not say from whom is bought."""

    kind: str
    name: Name
    hard: Literal[True] | None = None
    penalty: Positive | None = None
    """Currency per unit of excess of a row; makes the limit soft."""
    currency: Name | None = None
    """The [currency](units.md#currencies) of its penalty and of a level in money, when it is not the instance's."""
    watch: Yes | None = None
    """The limit is measured and reported, and never enforced (a benchmark)."""
    in_responses: Yes | None = None
    """The limit holds not in the plan alone, but also in what is done [once something has
    stopped](limits.md#limits-in-an-emergency)."""

    @model_validator(mode="after")
    def _hard_or_penalty(self) -> Self:
        said = [word for word in ("hard", "penalty", "watch") if getattr(self, word) is not None]
        if len(said) != 1:
            fault = "does not say how firmly it holds"
            if said:
                fault = f"says {' and '.join(said)}"
            if said == ["hard", "penalty"]:
                fault = "is hard and has a penalty"
            msg = f"{fault}: write one of hard = true, penalty = a cost, watch = true"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _holds_in_responses(self) -> Self:
        if self.in_responses is None:
            return self
        fault = None
        if not self.IN_RESPONSES:
            fault = f"goes with {', '.join(_kinds_in_responses(Limit))} only, not with {self.kind}"
        elif self.watch:
            fault = "says nothing of a limit that is only watched"
        elif getattr(self, "per", "period") == "horizon":
            fault = 'holds in every period by itself, and per = "horizon" counts all of them'
        elif self.SENSE == "at least" and getattr(self, "of", "supply") == "demand":
            fault = 'goes with of = "supply" only here, as no demand need be met in an emergency'
        if fault is not None:
            msg = f"in_responses {fault}; remove it"
            raise ValueError(msg)
        return self

    @property
    def counts_money(self) -> bool:
        """Whether its level or its penalty is money."""
        return self.UNIT == "money" or self.penalty is not None

    def at_rate(self, rate: float) -> Self:
        """Return the limit with its money in the currency of the instance, of which one of its own is worth `rate`."""
        money = {"penalty": self.penalty * rate} if self.penalty is not None else {}
        money |= {self.LEVEL: self.level * rate} if self.UNIT == "money" else {}
        return self.model_copy(update={**money, "currency": None})

    @property
    def strictness(self) -> Literal["hard", "soft", "watched"]:
        """How firmly the limit holds."""
        if self.watch:
            return "watched"
        return "hard" if self.hard else "soft"

    @property
    def level(self) -> float:
        """The one number that an analyst moves."""
        return float(getattr(self, self.LEVEL))

    @property
    def holds_with_less(self) -> bool:
        """Whether a plan that holds the limit holds it still when less is bought and moved (`surplus`)."""
        return False

    @property
    def greatest(self) -> float:
        """The greatest level that the limit can have; infinite where there is none."""
        return 1.0 if self.UNIT == "share" else math.inf

    @property
    def about(self) -> str:
        """Whom or what the limit speaks of, in few words: ``CN by control``, ``each company``, ``freight``."""
        return ""

    def unit(self, mass: str, currency: str) -> str:
        """Return the unit of the level in words; a limit that measures or counts something else says so."""
        words = {"share": "share", "quantity": mass, "count": "sources", "money": currency}
        return words.get(self.UNIT, self.LEVEL)

    def format_level(self, level: float, mass: str, currency: str, finer: int = 0) -> str:
        """Return a level with its unit: ``35%``, ``96 600 t``, ``4 sources``, ``1 source``, to `finer` more digits."""
        if self.UNIT == "share":
            return format_percent(level, finer)
        unit = self.unit(mass, currency).strip()
        one = level == 1 and unit in _COUNTED
        return f"{format_amount(level, finer)} {unit.removesuffix('s') if one else unit}".strip()

    def excess_unit(self, mass: str, currency: str) -> str:
        """Return the unit of the rows, in words: what a penalty is charged on; shares are broken by an amount."""
        return mass if self.UNIT == "share" else self.unit(mass, currency)

    def size(self, key: Key, market: Market) -> float:
        """Return what the excess of a row is measured against, in the row's unit, above 0: the demand, or the level."""
        if self.UNIT in {"share", "quantity"} and key.material:
            return market.demand_of(key.material, [key.period] if key.period else market.years) or 1.0
        return max(abs(self.level), 1.0)

    @abstractmethod
    def rows(self, m: Any, here: Any) -> Iterator[Row | RowBatch]:
        """Yield the rows of this limit on a model, one by one or those that are alike at once.

        `here` is the limit's own Pyomo block: `here.level` is its level, and variables that
        only this limit needs are added there.
        """

    def squares(self, m: Any, here: Any) -> Iterator[Square]:  # noqa: ARG002 (a limit that squares overrides it)
        """Yield what makes variables of the rows of this limit squares; called after `rows`."""
        yield from ()

    def answers(self, m: Any, here: Any) -> Iterator[Answer]:  # noqa: ARG002 (a limit that loses something overrides it)
        """Yield what makes variables of the rows of this limit what stays unmet after a loss; called after `rows`."""
        yield from ()

    @abstractmethod
    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the same rows measured on a plan's numbers, without the model."""

    def impossible(self, most: UpperBounds) -> Iterator[str]:  # noqa: ARG002 (a limit that can tell overrides it)
        """Yield plain reasons why no plan can hold this limit, whatever is bought.

        `most` is a ledger of upper bounds: the most that can be bought of each offer.
        """
        yield from ()

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:
        """Yield groups of materials that stand in one row together; all of them, unless a limit knows better."""
        yield tuple(market.material)

    def concerns(self, material: str) -> bool:  # noqa: ARG002 (a limit with a scope overrides it)
        """Whether any row of this limit may speak of a material."""
        return True

    def speaks_of(self, material: str, market: Market) -> bool:  # noqa: ARG002 (a limit that names offers overrides it)
        """Whether any row of this limit may speak of a material of a market, where only the market can tell."""
        return self.concerns(material)

    def within(self, materials: Collection[str]) -> Self | None:
        """Return what the limit says of some materials alone, or None when that is nothing."""
        return self if any(map(self.concerns, materials)) else None

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name of this limit that the market does not know."""
        if self.in_responses and self.penalty is not None and any(self.couples(market)):
            yield "in_responses: a limit that adds materials up holds in responses with hard = true only; remove it"


def _kinds_in_responses(of: Any) -> list[str]:
    """Return the kinds of limits of a class that may hold in responses, by the words that a file uses for them."""
    mine = [str(of.model_fields["kind"].default)] if of.IN_RESPONSES else []
    return sorted({*mine, *(kind for each in of.__subclasses__() for kind in _kinds_in_responses(each))})


def unknown_names(field: str, names: tuple[str, ...] | None, known: Collection[str]) -> Iterator[str]:
    """Yield one sentence for every name of a field that is not known, with what to write instead, or stands twice."""
    for number, name in enumerate(names or ()):
        if name not in known:
            cure = f"; use one of: {', '.join(sorted(known)[:6])}" if known else "; none is declared; add it"
            cure += " under [blocs]" if not known and field in _BLOCS else ""
            yield f"{field}: {name!r} is not in the instance{suggest(name, known) or cure}"
        if name in (names or ())[:number]:
            yield f"{field}: {name!r} stands there twice; remove one"


def list_unstated(what: str, rows: list[str], each: str = "offer") -> Iterator[str]:
    """Yield one sentence for rows that do not state a number on which a limit rests, if any; `each` is one of them."""
    if rows:
        more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
        named = f"{', '.join(rows[:_MOST_NAMED])}{more}"
        yield f"{what} is empty for {named}; state it for each {each} in scope, or narrow the scope"


_MOST_NAMED = 3


def basis_fault(basis: str | None) -> str:
    """Return what to do where countries have no basis, or what is no country has one."""
    if basis is None:
        return 'countries are counted by place or by control; write basis = "place" or basis = "control"'
    return f'basis = "{basis}" goes with countries only; remove it'


def in_period(key: Key) -> str:
    """Return `` in 2027``, or nothing for the whole horizon."""
    return f" in {key.period}" if key.period else ""


def throughput(book: Ledger, material: str, stage: str, periods: Iterable[str]) -> float:
    """Return the units against which others are next to nothing: those bought that pass a stage, or more demand."""
    within = tuple(periods)
    passing = book.exposure.bought_in_all(book, material, stage, within)
    return max(passing, book.exposure.market.demand_of(material, within))


def yearly_tiers(market: Market, materials: Container[str] | None = None) -> Iterator[str]:
    """Yield that a limit on what single periods pay, for any or some materials, is no limit on tiers over years."""
    concerned = {offer.offer for offer in market.offers if materials is None or offer.material in materials}
    names = sorted({tier.offer for tier in market.tiers if tier.per == "year" and tier.offer in concerned})
    if names:
        yield f"counts what single periods pay, and the tiers of {names[0]} count per year; write per = period there"


def must_be_bought(most: Ledger, material: str, periods: tuple[str, ...], sites: tuple[str, ...] | None) -> bool:
    """Whether some of a material must be bought for the sites within the periods themselves, in any plan.

    Not so where demand may go unmet, stock may cover it, or what covers it is bought earlier.
    """
    market = most.exposure.market
    return material in market.direct and market.demand_of(material, periods, sites) > 0


def least_passing(most: Ledger, key: Key, periods: tuple[str, ...], sites: tuple[str, ...] | None) -> float:
    """Return what arrives, in any plan, of what passes a stage within the periods; 0 where that is not known."""
    exposure = most.exposure
    settled = exposure.is_settled(key.material, key.stage)
    return exposure.market.demand_of(key.material, periods, sites) if settled else 0.0


def least_bought(most: Ledger, key: Key, periods: tuple[str, ...], sites: tuple[str, ...] | None) -> float:
    """Return the units of a stage that any plan buys within the periods; 0 where that is not known."""
    market = most.exposure.market
    if key.stage != market.material[key.material].stages[-1] or not must_be_bought(most, key.material, periods, sites):
        return 0.0
    return market.demand_of(key.material, periods, sites)
